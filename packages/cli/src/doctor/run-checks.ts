import { sayIfSlow } from '../slow-work.ts'
import type { Check, DoctorContext, Facts, Problem } from './check.ts'

export interface Result {
  readonly name: string
  readonly proves: string
  readonly status: 'ok' | 'warning' | 'failed' | 'not reached' | 'skipped'
  readonly proof: string
  readonly problems: readonly Problem[]
}

/** Asks one after the other. What needs something that could not be established is not reached. */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
): Promise<readonly Result[]> {
  let facts: Partial<Facts> = {}
  const results: Result[] = []
  for (const { name, proves, needs, waits, run } of checks) {
    if (needs.some((fact) => facts[fact] === undefined)) {
      results.push({ name, proves, status: 'not reached', proof: '', problems: [] })
      continue
    }
    const asked = run(facts as Facts, context) // all it needs is there, as just seen
    const finding = await (waits ? sayIfSlow(context.terminal, `asking: ${name}`, asked) : asked)
    facts = { ...facts, ...finding.facts }
    const { proof, problems = [] } = finding
    results.push({ name, proves, status: statusOf(problems, finding.skipped), proof, problems })
  }
  return results
}

function statusOf(problems: readonly Problem[], skipped: true | undefined): Result['status'] {
  if (problems.some(({ severity }) => severity !== 'warning')) return 'failed'
  if (problems.length > 0) return 'warning'
  return skipped ? 'skipped' : 'ok'
}

/** What armed weather or a moved clock makes look like a fault of its own. */
const upsetByEmulator = ['authority', 'clock', 'dates', 'tenant', 'token request', 'registration']

/**
 * What to mend first: what stops the token, then what is dangerous, then what should be better. What an emulator was
 * told to do goes before what may come of it.
 */
export function causeOf(results: readonly Result[]): (Problem & { readonly check: string }) | undefined {
  const all = results.flatMap(({ name, problems }) =>
    problems.map((problem) => ({ check: name, ...problem })),
  )
  const order = ['blocks', 'failure', 'warning'] as const
  for (const wanted of order) {
    const first = all.find(({ severity }) => severity === wanted)
    if (first === undefined) continue
    const told = all.find(({ check }) => check === 'emulator')
    const isUpset = told !== undefined && upsetByEmulator.includes(first.check)
    return isUpset ? { ...told, severity: first.severity } : first
  }
  return undefined
}
