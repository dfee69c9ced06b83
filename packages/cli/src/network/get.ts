import { request } from 'node:http'
import type { Socket } from 'node:net'
import { readUpTo } from '../read-up-to.ts'

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const maxBodyBytes = 1_024 * 1_024

/** One GET over a connection that is open already, and the end of it. @throws Node's error, or one about the size. */
export function getOver(
  socket: Socket,
  url: URL,
  timeoutMs: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url.href.replace(/^https:/, 'http:'), {
      createConnection: () => socket,
      headers: {
        ...more,
        accept: 'application/json',
        'accept-encoding': 'identity',
        connection: 'close',
        host: url.host,
      },
    })
    const timer = setTimeout(
      () => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    )
    outgoing.once('close', () => clearTimeout(timer))
    outgoing.once('error', reject)
    outgoing.once('response', async (incoming) => {
      try {
        const { bytes, whole } = await readUpTo(incoming, maxBodyBytes)
        if (!whole) throw new Error('the answer is longer than 1 MiB')
        const { statusCode: status = 0, headers } = incoming
        resolve({ status, headers, body: bytes.toString('utf8') })
      } catch (error) {
        reject(error)
      } finally {
        outgoing.destroy()
      }
    })
    outgoing.end()
  })
}
