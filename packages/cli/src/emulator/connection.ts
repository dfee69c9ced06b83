import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { CliError, UsageError } from '../cli-error.ts'
import { hintOnTrust } from '../hint-on-trust.ts'
import { plain } from '../plain.ts'
import { readUpTo } from '../read-up-to.ts'
import type { Located } from './locate.ts'
import { foundAt } from './run-file.ts'
import { startCommand } from './start-command.ts'

/** Members of an answer; whether they are there is not known. */
export type Answer = Readonly<Record<string, unknown>>

/** The members that are needed were looked for; what they hold is not known. */
type AnswerWith<Name extends string> = Answer & { readonly [name in Name]: NonNullable<unknown> }

/**
 * One request to a running emulator's JSON routes.
 *
 * @param path - Below `/_emulator`, its segments encoded.
 * @param needed - Members without which the answer is no emulator's. A DELETE is answered by 204 alone.
 * @returns Empty for a DELETE.
 * @throws CliError when it does not answer, refuses, or is no emulator.
 */
export async function callEmulator<Name extends string = never>(
  { origin, ca, others = [] }: Pick<Located, 'origin' | 'ca'> & Partial<Pick<Located, 'others'>>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  needed: readonly Name[],
  body?: object,
): Promise<AnswerWith<Name>> {
  const url = new URL(`/_emulator${path}`, origin)
  // `..` for a key id would name the app above it, and remove that.
  if (url.pathname !== `/_emulator${path}`) throw new UsageError(['. and .. name nothing in an emulator'])
  const { status, content } = await send(url, { method, ca, body, others })
  const answer = method === 'DELETE' && status === 204 ? {} : parse(content)
  if (answer !== undefined && status >= 300)
    throw new CliError('ERR_EMULATOR_REFUSED', `the emulator refused: ${messageOf(answer) ?? status}`)
  const isExpected = method !== 'DELETE' || status === 204
  if (isExpected && answer !== undefined && hasAll(answer, needed)) return answer
  throw new CliError('ERR_EMULATOR_REFUSED', `${url.origin} answered ${status}, and not as an emulator`, {
    hints: ['check the address: --url, or the authority that is configured'],
  })
}

function hasAll<Name extends string>(answer: Answer, names: readonly Name[]): answer is AnswerWith<Name> {
  return names.every((name) => answer[name] !== undefined && answer[name] !== null)
}

interface Sent {
  readonly method: string
  readonly ca: string | undefined
  readonly body: object | undefined
  readonly others: Located['others']
}

function send(url: URL, { method, ca, body, others }: Sent): Promise<{ status: number; content: string }> {
  const request = url.protocol === 'http:' ? plainRequest : tlsRequest
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patienceMs)
    const outgoing = request(url, { method, agent: false, ca, signal, headers }, (incoming) => {
      const { statusCode: status = 0 } = incoming
      read(incoming, url).then(
        (content) => resolve({ status, content }),
        (error) => reject(toCliError(error, url, outgoing.socket, others)),
      )
    })
    outgoing.on('error', (error) => reject(toCliError(error, url, outgoing.socket, others)))
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Node says at the socket whether it was the certificate, whatever was wrong with it. */
function toCliError(cause: unknown, url: URL, socket: Socket | null, others: Located['others']): CliError {
  if (cause instanceof CliError) return cause
  const { origin, host } = url
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer'
  if (socket instanceof TLSSocket && socket.authorizationError)
    return new CliError('ERR_TLS_UNTRUSTED', `the TLS certificate of ${host} is not trusted (${reason})`, {
      hints: [hintOnTrust(reason)],
      cause,
    })
  const there = foundAt(url, others)
  const other = there ?? others[0]
  return new CliError('ERR_NO_ANSWER', `the emulator at ${origin} does not answer (${reason})`, {
    hints: [
      ...(other === undefined ? [] : [`one runs at another address: --url ${other.url}`]),
      ...(there === undefined ? [`start it with: ${startCommand(url)}`] : []),
    ],
    cause,
  })
}

/** For the whole answer: one that comes byte by byte has no other end. */
const patienceMs = 30_000

/** Bytes: the largest directory is answered in less. */
const longestAnswer = 33_554_432

async function read(incoming: IncomingMessage, { origin }: URL): Promise<string> {
  const { bytes, whole } = await readUpTo(incoming, longestAnswer)
  if (whole) return bytes.toString()
  throw new CliError('ERR_EMULATOR_REFUSED', `${origin} answered more than 32 MiB, and not as an emulator`)
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

/** The objects in a member of an answer that should be a list of them. */
export function listOf(answer: Answer, name: string): readonly Answer[] {
  const value = answer[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}
