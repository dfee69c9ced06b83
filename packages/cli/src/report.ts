import { inspect } from 'node:util'
import { HintedError, UsageError } from './cli-error.ts'
import { type ExitCode, exitCodeOf } from './exit-code.ts'
import { hintOnTrust } from './hint-on-trust.ts'
import type { Io } from './io.ts'
import { plain, plainJson, plainLines } from './plain.ts'
import type { Presentation } from './terminal.ts'

/**
 * Says on stderr what went wrong, why, and what to do.
 *
 * @param fixedCode - The exit code of a command that has one for all failures.
 * @returns The exit code, which JSON names too.
 */
export function report(
  thrown: unknown,
  io: Io,
  { json, debug }: Presentation,
  fixedCode?: ExitCode,
): ExitCode {
  const hints: string[] = []
  let error = thrown
  while (error instanceof HintedError) {
    hints.push(...error.hints)
    error = error.cause
  }
  const facts = factsOf(error)
  hints.unshift(...facts.hints)
  const exitCode = fixedCode ?? exitCodeOf(facts.code)
  if (json) {
    const { hints: _, problems: __, ...members } = facts
    const hint = hints.length === 0 ? undefined : hints.join('; ')
    io.stderr.write(`${plainJson(JSON.stringify({ error: { ...members, hint, exitCode } }))}\n`)
  } else {
    const line = (text: string) => io.stderr.write(`${text}\n`)
    for (const problem of facts.problems) line(`x5t: ${io.style('red', 'error:')} ${plain(problem)}`)
    for (const hint of hints) line(`  ${io.style('cyan', 'hint:')} ${plain(hint)}`)
    const time = new Date(io.now()).toISOString().replace(/\.\d+Z$/, 'Z')
    const correlation =
      facts.correlationId === undefined ? [] : [`correlation ${plain(facts.correlationId)}`, time]
    line(io.style('dim', [facts.code, ...correlation].join(' · ')))
    if (debug) line(plainLines(inspect(error)))
  }
  return exitCode
}

/** The members of ux's error object. An error that carries no code of ours is a bug, and says so. */
function factsOf(error: unknown) {
  const own: Record<string, unknown> = error instanceof Error ? { ...error } : {}
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const code = text(own.code)
  const known = code?.startsWith('ERR_') === true && exitCodeOf(code) !== 1
  const message = error instanceof Error ? error.message : String(error)
  const codes = Array.isArray(own.errorCodes) ? own.errorCodes : []
  return {
    code: known ? code : 'ERR_UNEXPECTED',
    message,
    problems: error instanceof UsageError ? error.problems : [known ? message : `unexpected: ${message}`],
    hints: hintsOf(error, own, known),
    aadsts: codes[0] as number | undefined, // the library keeps numbers only
    oauthError: text(own.error),
    status: typeof own.status === 'number' ? own.status : undefined,
    correlationId: text(own.correlationId),
    traceId: text(own.traceId),
    retryable: own.retryable === true,
  }
}

function hintsOf(error: unknown, { code, hint, hints }: Record<string, unknown>, known: boolean): string[] {
  if (!known) return ['this is a bug of x5t; --debug shows where']
  if (Array.isArray(hints)) return hints.map(String)
  if (code === 'ERR_TLS_UNTRUSTED' && error instanceof Error)
    return [hintOnTrust(String(Object(error.cause).code))]
  return typeof hint === 'string' ? [hint] : []
}
