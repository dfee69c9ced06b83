import { CliError } from '../cli-error.ts'
import { plain } from '../plain.ts'
import { readUpTo } from '../read-up-to.ts'
import type { Call } from './send.ts'

/** What an error answer begins with, no more than a person reads. */
const maxErrorBytes = 64 * 1_024

/** The error for an answer of 400 and above: the API's own code and words, and what can be done. */
export async function apiError(
  response: Response,
  url: URL,
  { scope }: Pick<Call, 'scope'>,
): Promise<CliError> {
  const { status, statusText, headers } = response
  const { bytes } = await readUpTo(response.body, maxErrorBytes)
  const said = wordsIn(bytes.toString('utf8'))
  const words = said === undefined ? '' : `: ${plain(said).slice(0, 300)}`
  const message = `${url.host} answered ${status} ${plain(statusText)}`.trimEnd() + words
  const id = headers.get('request-id') ?? headers.get('x-ms-request-id')
  const hints = [
    ...advice(status, scope),
    ...(id === null ? [] : [`the API calls this request ${plain(id).slice(0, 80)}`]),
  ]
  const unavailable = status === 429 || status >= 500
  return new CliError(unavailable ? 'ERR_API_UNAVAILABLE' : 'ERR_API_REFUSED', message, { hints })
}

function advice(status: number, scope: string): string[] {
  if (status === 401) return [`the API does not take the token; find out why: x5t doctor --scope ${scope}`]
  if (status === 403) return [`see which roles the token has: x5t token --scope ${scope} | x5t decode`]
  return status === 429 || status >= 500 ? ['ask again later'] : []
}

/** Graph and Azure: `{ error: { code, message } }`; OAuth: `{ error, error_description }`; else the first line. */
function wordsIn(body: string): string | undefined {
  try {
    const { error, error_description: description, message } = JSON.parse(body) ?? {}
    const inner = typeof error === 'object' && error !== null ? error : {}
    const parts = [inner.code ?? error, inner.message ?? description ?? message]
    return parts.filter((part) => typeof part === 'string' && part !== '').join(': ') || undefined
  } catch {
    const [line = ''] = body.trim().split(/\r?\n/)
    return line.startsWith('<') || line === '' ? undefined : line
  }
}
