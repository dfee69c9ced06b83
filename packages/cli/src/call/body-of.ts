import { CliError } from '../cli-error.ts'
import { reasonOf } from '../network/reason.ts'

/** The body of an answer, piece by piece. @throws CliError `ERR_NO_ANSWER` where it breaks off. */
export async function* bodyOf(
  { body }: Response,
  { host }: URL,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) yield chunk
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new CliError('ERR_NO_ANSWER', `the answer of ${host} broke off: ${reasonOf(cause).reason}`, {
      cause,
    })
  }
}
