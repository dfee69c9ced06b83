import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { json } from 'node:stream/consumers'
import { CliError } from './cli-error.ts'

/** One write to a running emulator's JSON routes. @throws CliError when it does not answer or refuses. */
export async function postToEmulator(
  url: URL,
  body: object,
  ca: string[] | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, answer } = await send(url, JSON.stringify(body), ca).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer'
    throw new CliError('ERR_NO_ANSWER', `the emulator at ${url.origin} does not answer (${reason})`, {
      hints: ['start it with: x5t emulator', 'if it runs: NODE_EXTRA_CA_CERTS in .env must name its CA'],
      cause,
    })
  })
  if (status >= 300) {
    throw new CliError('ERR_EMULATOR_REFUSED', `the emulator refused: ${answer.error?.message ?? status}`)
  }
  return answer
}

interface Answer {
  readonly error?: { readonly message?: string }
  readonly [member: string]: unknown
}

function send(url: URL, body: string, ca: string[] | undefined): Promise<{ status: number; answer: Answer }> {
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
      json(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, answer: answer as Answer }),
        reject,
      ) // read with care
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
