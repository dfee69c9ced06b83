import { isLoopbackHttp } from '../token-url.ts'
import { assertComplete } from './complete.ts'
import type { Settings } from './resolve-settings.ts'

/** Who asks, and whom: what a client and a kept token are known by. */
export interface Identity {
  readonly tenant: string
  readonly clientId: string
  readonly authority: string | undefined
  /** Plain http on loopback, which an emulator may speak. */
  readonly allowHttpAuthority: boolean
}

/** @throws CliError `ERR_CONFIG_MISSING` */
export function identityOf(settings: Settings): Identity {
  assertComplete(settings, ['tenant', 'clientId'])
  const { tenant, clientId, authority } = settings.values
  return {
    tenant: tenant?.value ?? '',
    clientId: clientId?.value ?? '',
    authority: authority?.value,
    allowHttpAuthority: isLoopbackHttp(authority?.value),
  }
}
