import type { RequestBody } from './request-body.ts'

/** One request of the chain that redirects make. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: RequestBody | undefined
}

const ofBody = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']
const ofOrigin = ['authorization', 'proxy-authorization', 'cookie', 'host']

/**
 * Where an answer sends the request: what was for one origin stays there.
 *
 * @returns `undefined` for an answer that is no redirect; text for one that leads nowhere.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | string | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  const text = Buffer.from(location, 'latin1').toString('utf8')
  if (!URL.canParse(text, hop.url.href)) return 'redirects to what is no address'
  const url = new URL(text, hop.url)
  if (!/^https?:$/.test(url.protocol)) return `redirects to ${url.protocol}, which is not followed`
  if (url.username !== '' || url.password !== '') return 'redirects to an address with a password'
  if (url.hash === '') url.hash = hop.url.hash

  const headers = new Headers(hop.headers)
  if (url.origin !== hop.url.origin) for (const name of ofOrigin) headers.delete(name)
  const reads = hop.method === 'GET' || hop.method === 'HEAD'
  if ((status < 303 && hop.method === 'POST') || (status === 303 && !reads)) {
    for (const name of ofBody) headers.delete(name)
    return { url, method: 'GET', headers, body: undefined }
  }
  if (hop.body?.stream !== undefined) return 'redirects a body that was streamed and cannot be sent again'
  return { ...hop, url, headers }
}
