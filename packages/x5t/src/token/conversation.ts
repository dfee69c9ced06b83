import type { HttpResponse } from '../http/exchange.ts'
import { mask, maxShownChars, shownAddress, unlessEchoed } from '../internal/redact.ts'
import { withoutTokens } from './without-tokens.ts'

/** One exchange with the token endpoint, as it may be shown: no signature, no assertion, no token. */
export interface Conversation {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The fields of the form as sent; of the assertion what it says, not its signature. */
  readonly form: Readonly<Record<string, string | AssertionParts>>
  readonly status: number
  readonly answerHeaders: Readonly<Record<string, string | undefined>>
  /** Tokens and long runs of their characters are replaced by their length; at most 4 KiB, no echo of the assertion. */
  readonly answer: string
}

interface AssertionParts {
  readonly header: string
  readonly claims: string
  readonly signature: string
}

export function conversationOf(
  request: { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  response: HttpResponse,
): Conversation {
  const form = new URLSearchParams(request.body)
  const assertion = form.get('client_assertion') ?? ''
  const { href, search } = request.url
  const shown = (text: string) => mask(unlessEchoed(withoutTokens(text), assertion))
  const fields = [...form].map(([name, value]) => [
    name,
    name === 'client_assertion' ? partsOf(value, search) : mask(value),
  ])
  const answerHeaders = Object.entries(response.headers).map(([name, value = '']) => {
    if (name === 'set-cookie') return [name, `(${value.length} characters)`]
    return [name, shown(isAddress.test(name) ? shownAddress(value) : value)]
  })
  return {
    url: shownAddress(href),
    headers: request.headers,
    form: Object.fromEntries(fields),
    status: response.status,
    answerHeaders: Object.fromEntries(answerHeaders),
    answer: shown(response.body.toString('utf8', 0, maxShownChars)),
  }
}

const isAddress = /^(content-)?location$/

/** Ours, so it has three parts. The audience may be the address, whose query is not shown. */
function partsOf(assertion: string, query: string): AssertionParts {
  const [header = '', claims = '', signature = ''] = assertion
    .split('.')
    .map((part) => Buffer.from(part, 'base64url'))
  const inJson = JSON.stringify(query).slice(1, -1)
  const shown = query === '' ? claims.toString() : claims.toString().replaceAll(inJson, '?…')
  return { header: header.toString(), claims: shown, signature: `(${signature.length} bytes)` }
}
