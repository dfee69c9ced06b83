import { CliError } from '../cli-error.ts'
import { profileOption } from '../config/profile-option.ts'
import { plain } from '../plain.ts'
import { readUpTo } from '../read-up-to.ts'
import { shellWord } from '../shell-word.ts'
import type { Call } from './send.ts'

/** What an error answer begins with, no more than a person reads. */
const maxErrorBytes = 64 * 1_024

/** The error for an answer of 400 and above: the API's own code and words, and what can be done. */
export async function apiError(response: Response, url: URL, call: Call): Promise<CliError> {
  const { status, statusText, headers } = response
  const { bytes } = await readUpTo(response.body, maxErrorBytes)
  const said = wordsIn(bytes.toString('utf8'))
  const words = said === undefined ? '' : `: ${plain(said).slice(0, 300)}`
  const message = `${url.host} answered ${status} ${plain(statusText)}`.trimEnd() + words
  const id = headers.get('request-id') ?? headers.get('x-ms-request-id')
  const hints = [
    ...advice(status, url, call),
    ...(id === null ? [] : [`the API calls this request ${plain(id).slice(0, 80)}`]),
  ]
  const unavailable = status === 429 || status >= 500
  return new CliError(unavailable ? 'ERR_API_UNAVAILABLE' : 'ERR_API_REFUSED', message, { hints })
}

function advice(status: number, { pathname }: URL, { scope, scopeFrom, profile }: Call): string[] {
  const named = `--scope ${shellWord(scope)}${profileOption({ profile })}`
  if (status === 401 && scopeFrom === '--scope')
    return [`the API does not take the token; find out why: x5t doctor ${named}`]
  if (status === 401) {
    const isGraph = /^\/(v1\.0|beta)\//.test(pathname)
    return [
      `the token is for ${scope} (${scopeFrom}); for what the API wants: --scope ${isGraph ? 'https://graph.microsoft.com/.default' : 'SCOPE'}`,
    ]
  }
  if (status === 403) return [`see which roles a new token has: x5t token --no-cache ${named} | x5t decode`]
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
