import type { Certificate } from 'x5t'
import { type Answer, callEmulator } from './emulator/connection.ts'
import { type EmulatorValues, locateEmulator } from './emulator/locate.ts'
import type { Io } from './io.ts'

/** Under which id an app of an emulator has the certificate. */
export interface RegisteredKey {
  readonly keyId: string
  readonly appId: string
}

/**
 * Asks the emulator that runs or is configured, and nobody else: Entra would want a token of an administrator for it.
 *
 * @returns An empty list where none of its apps has the certificate.
 * @throws CliError when there is no emulator, or none that answers.
 */
export async function findRegisteredKeys(
  { thumbprintSha1Hex }: Certificate,
  values: EmulatorValues,
  io: Io,
): Promise<readonly RegisteredKey[]> {
  const { tenants } = await callEmulator(locateEmulator(values, io), 'GET', '/state', ['tenants'])
  return listOf(tenants)
    .flatMap((tenant) => listOf(tenant.apps))
    .flatMap((app) => listOf(app.certificates).map((certificate) => ({ ...certificate, appId: app.appId })))
    .filter((certificate: Answer) => certificate.thumbprintSha1Hex === thumbprintSha1Hex)
    .map(({ keyId, appId }: Answer) => ({ keyId: String(keyId), appId: String(appId) }))
}

function listOf(value: unknown): readonly Answer[] {
  return Array.isArray(value) ? value : []
}
