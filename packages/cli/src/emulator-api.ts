import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { CliError } from './cli-error.ts'
import { plain } from './plain.ts'

/** Members of an answer; whether they are there is not known. */
export type Answer = Readonly<Record<string, unknown>>

/** One write to a running emulator's JSON routes. @throws CliError when it does not answer or refuses. */
export async function postToEmulator(url: URL, body: object, ca: string | undefined): Promise<Answer> {
  const { status, content } = await send(url, JSON.stringify(body), ca).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer'
    throw new CliError('ERR_NO_ANSWER', `the emulator at ${url.origin} does not answer (${reason})`, {
      hints: ['start it with: x5t emulator', 'if it runs: NODE_EXTRA_CA_CERTS in .env must name its CA'],
      cause,
    })
  })
  const answer = parse(content)
  if (answer === undefined) {
    throw new CliError('ERR_EMULATOR_REFUSED', `${url.origin} answered ${status}, and not as an emulator`, {
      hints: ['check --url, or TENANT_URL in .env'],
    })
  }
  if (status >= 300) {
    throw new CliError('ERR_EMULATOR_REFUSED', `the emulator refused: ${messageOf(answer) ?? status}`)
  }
  return answer
}

function send(url: URL, body: string, ca: string | undefined): Promise<{ status: number; content: string }> {
  const request = url.protocol === 'http:' ? plainRequest : tlsRequest
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent: false,
      ca,
      timeout: 10_000,
      headers: { 'content-type': 'application/json' },
    } as const
    const outgoing = request(url, options, (incoming) => {
      const { statusCode: status = 0 } = incoming
      text(incoming).then((content) => resolve({ status, content }), reject)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function parse(content: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** `{ "error": { "message": "…" } }` */
function messageOf({ error }: Answer): string | undefined {
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  return plain(String(error.message))
}
