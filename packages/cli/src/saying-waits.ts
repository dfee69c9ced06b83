import type { Context } from './command.ts'
import { showDuration } from './duration.ts'
import { whileListening } from './listening.ts'
import { createProgress } from './progress.ts'

/** A shorter wait is over before the line is read, and would be called 0 s. */
const silentMs = 500

/** Says what is waited for while the work runs and the service wants to be left alone for a while, or is not there. */
export async function sayingWaits<T>(
  { io, terminal }: Pick<Context, 'io' | 'terminal'>,
  work: () => Promise<T>,
): Promise<T> {
  const progress = createProgress(io, terminal, 0)
  // The shape stands in docs/events.md.
  const listen = (message: unknown) => {
    const { endpoint, waitMs, error } = message as Retry
    if (waitMs < silentMs) return
    const { status, message: reason } = error
    const why = status === undefined ? reason : `${new URL(endpoint).host} answered ${status}`
    progress.show(`${why}; asking again in ${showDuration(waitMs)}`)
  }
  try {
    return await whileListening('x5t:retry', listen, work)
  } finally {
    progress.end()
  }
}

interface Retry {
  readonly endpoint: string
  readonly waitMs: number
  readonly error: { readonly status?: number; readonly message: string }
}
