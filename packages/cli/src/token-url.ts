import { CliError } from './cli-error.ts'

/** A token endpoint as the original workflow writes it, taken apart. */
export interface TokenUrl {
  /** Scheme, host and port. */
  readonly authority: string
  readonly tenant: string
  /** `resource` for the v1 endpoint, `scope` for v2. */
  readonly selects: 'resource' | 'scope'
  /** True for plain http on loopback, which an emulator may speak. */
  readonly allowHttpAuthority: boolean
  readonly isLoopback: boolean
}

/** @param from - What holds the text, for the error: `TENANT_URL in .env`. */
export function parseTokenUrl(text: string, from: string): TokenUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const [, tenant, v2] = /^\/([^/]+)\/oauth2\/(v2\.0\/)?token\/?$/.exec(url?.pathname ?? '') ?? []
  if (url === undefined || tenant === undefined || url.search !== '' || url.username !== '') {
    throw new CliError('ERR_CONFIG_INVALID', `${from} is not the address of a token endpoint: ${text}`, {
      hints: ['write it as https://login.microsoftonline.com/<tenant>/oauth2/token'],
    })
  }
  if (url.protocol !== 'https:' && !isLoopbackHttp(text)) {
    throw new CliError('ERR_CONFIG_INVALID', `${from} must be https: ${text}`)
  }
  return {
    authority: url.origin,
    tenant,
    selects: v2 === undefined ? 'resource' : 'scope',
    allowHttpAuthority: url.protocol === 'http:',
    isLoopback: isLoopback(url),
  }
}

/** Plain http to this machine, as an emulator may speak it; the only one that is ever allowed. */
export function isLoopbackHttp(text: string | undefined): boolean {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' && isLoopback(url)
}

export function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
