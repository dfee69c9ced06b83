import { plainLines } from '../plain.ts'
import { causeOf, type Result } from './run-checks.ts'

/** The report for people: the cause, what mends it, and below it every check with its proof. */
export function describeResults(results: readonly Result[]): string {
  const cause = causeOf(results)
  const width = Math.max(...results.map(({ name }) => name.length))
  const head =
    cause === undefined
      ? ['all is well']
      : [`${labels[cause.severity]}: ${cause.message}`, ...cause.hints.map((hint) => `  ${hint}`)]
  const reached = results.filter(({ status }) => status !== 'not reached')
  const rows = reached.flatMap(({ name, status, proof, problems }) => [
    ...proof
      .split('\n')
      .map((line, index) =>
        index === 0 ? row(marks[status], name.padEnd(width), line) : row('', ' '.repeat(width), line),
      ),
    ...problems
      .filter(({ message }) => message !== cause?.message && message !== proof)
      .map(({ severity, message }) =>
        row('', ' '.repeat(width), `${severity === 'warning' ? labels.warning : labels.failure}: ${message}`),
      ),
  ])
  const others = results.filter((result) => !reached.includes(result)).map(({ name }) => name)
  const lines = [
    ...head,
    '',
    ...rows,
    ...(others.length === 0 ? [] : ['', `  not reached: ${others.join(', ')}`]),
  ]
  return plainLines(lines.join('\n'))
}

function row(mark: string, name: string, text: string): string {
  return `  ${mark.padEnd(4)}  ${name}  ${text}`.trimEnd()
}

const labels = { blocks: 'cause', failure: 'to mend', warning: 'warning' } as const
const marks = { ok: 'ok', warning: 'warn', failed: 'FAIL', skipped: '-', 'not reached': '' } as const

/** What docs/schemas/doctor.schema.json describes. */
export function resultsDocument(results: readonly Result[]): object {
  const cause = causeOf(results)
  return {
    schemaVersion: 1,
    healthy: !results.some(({ status }) => status === 'failed'),
    warnings: results.filter(({ status }) => status === 'warning').length,
    cause: cause ?? null,
    checks: results,
  }
}
