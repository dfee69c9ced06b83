import type { Environment } from './environment.ts'

export interface FetchOptions {
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  /** Where `HTTPS_PROXY`, `NO_PROXY` and `NODE_EXTRA_CA_CERTS` are read. Default: `process.env`. */
  readonly environment?: Environment | undefined
}
