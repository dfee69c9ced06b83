import type { Context } from './command.ts'
import { showDuration } from './duration.ts'
import { createProgress } from './progress.ts'

/** Entra tells its servers of a new certificate within minutes; asking more often does not make it faster. */
const pauseMs = 3_000

/**
 * Asks until Entra knows the certificate (AADSTS700027 says that it does not), for `limitMs` at most. Every other
 * answer is an answer.
 */
export async function waitForAcceptance<T>(
  ask: () => Promise<T>,
  limitMs: number,
  { io, terminal }: Pick<Context, 'io' | 'terminal'>,
): Promise<T> {
  const startedAt = io.now()
  const progress = createProgress(io, terminal)
  try {
    for (let probe = 1; ; probe++) {
      try {
        return await ask()
      } catch (error) {
        const elapsed = io.now() - startedAt
        if (!isKeyUnknown(error) || elapsed + pauseMs > limitMs) throw error
        const passed = `${showDuration(elapsed)} of ${showDuration(limitMs)}`
        progress.show(
          `waiting for Entra to accept the new certificate … ${passed} (probe ${probe}: key not found yet)`,
        )
        await io.pause(pauseMs)
      }
    }
  } finally {
    progress.end()
  }
}

export function isKeyUnknown(error: unknown): boolean {
  if (!(error instanceof Error) || !('errorCodes' in error)) return false
  return Array.isArray(error.errorCodes) && error.errorCodes.includes(700027)
}
