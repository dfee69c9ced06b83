import { UsageError } from '../cli-error.ts'
import type { Context } from '../command.ts'
import { plain } from '../plain.ts'
import { createProgress } from '../progress.ts'
import { sayIfSlow } from '../slow-work.ts'
import { apiError } from './api-error.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type Call, type Senders, sendCall } from './send.ts'

export interface ResponseTarget {
  readonly writer: ByteWriter
  readonly isFile: boolean
  readonly toStdout: boolean
  readonly include: boolean
}

/** The body as it comes, at the pace of the reader. @throws CliError for a refusal; stdout is empty then. */
export async function writeResponse(
  call: Call,
  senders: Senders,
  { writer, isFile, toStdout, include }: ResponseTarget,
  { io, terminal }: Context,
): Promise<void> {
  const { response, url } = await sayIfSlow(terminal, `waiting for ${call.url.host}`, sendCall(call, senders))
  if (response.status >= 400) throw await apiError(response, url, call)
  if (include) await writer.write(head(response))
  const toTerminal = !isFile && !toStdout && io.stdout.isTTY === true
  const progress = isFile ? createProgress(io, terminal) : undefined
  const size = Number(response.headers.get('content-length') ?? Number.NaN)
  const inPlace = io.stderr.isTTY === true
  let lastStep = 0
  let bytes = 0
  let last: Uint8Array | undefined
  for await (const chunk of response.body ?? []) {
    if (toTerminal && bytes === 0) refuseBinary(chunk, response)
    bytes += chunk.length
    last = chunk
    if (!(await writer.write(chunk))) return
    const step = stepOf(bytes, size)
    if (inPlace || step !== lastStep) progress?.show(amountOf(bytes, size))
    lastStep = step
  }
  progress?.end()
  // The answer stays the same bytes on a terminal; the prompt still gets a line of its own.
  if (toTerminal && last?.at(-1) !== 0x0a && bytes > 0) io.stderr.write('\n')
  if (bytes === 0) terminal.note(`${response.status} ${plain(response.statusText)}, no body`)
}

function head({ status, statusText, headers }: Response): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`)
  return `${[`HTTP/1.1 ${status} ${statusText}`.trimEnd(), ...lines].join('\r\n')}\r\n\r\n`
}

function refuseBinary(first: Uint8Array, { headers }: Response): void {
  const type = headers.get('content-type') ?? 'no content type'
  const text = /^text\/|json|xml|javascript|x-www-form-urlencoded/i.test(type)
  if (text && !first.includes(0)) return
  if (!text && isPlainText(first)) return
  throw new UsageError(
    [`binary (${plain(type)}) is not written to a terminal`],
    ['name a file: --out FILE', 'or force it: --out -'],
  )
}

function isPlainText(bytes: Uint8Array): boolean {
  try {
    return !/[^\P{Cc}\s]/u.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }))
  } catch {
    return false
  }
}

/** Where each change is a line of its own, only so many are worth one: a tenth, or 100 MB of who knows how many. */
function stepOf(bytes: number, size: number): number {
  return Math.floor(Number.isFinite(size) && size > 0 ? (bytes / size) * 10 : bytes / 100_000_000)
}

function amountOf(bytes: number, size: number): string {
  const done = megabytes(bytes)
  return Number.isFinite(size) && size > 0
    ? `${done} of ${megabytes(size)} (${Math.floor((bytes / size) * 100)} %)`
    : done
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
