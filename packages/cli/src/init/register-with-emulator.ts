import type { Certificate } from 'x5t'
import { readCa } from '../client.ts'
import { type Answer, callEmulator, listOf } from '../emulator/connection.ts'
import type { InitPlan } from './plan.ts'

export interface RegisteredWithEmulator {
  readonly keyId: string
  /** Of an API that the app may call; undefined where it may call none. */
  readonly scope: string | undefined
}

/** Before anything is written. @throws CliError when nothing answers there, or not an emulator. */
export async function assertEmulatorRuns({ authority, ca }: InitPlan): Promise<void> {
  await callEmulator({ origin: authority, ca: readCa({ values: { ca } }) }, 'GET', '/state', ['tenants'])
}

/** Registers the certificate by the emulator's own route, and looks what the app may ask for. @throws CliError */
export async function registerWithEmulator(
  { authority, clientId, ca }: InitPlan,
  certificate: Certificate,
): Promise<RegisteredWithEmulator> {
  const emulator = { origin: authority, ca: readCa({ values: { ca } }) }
  const path = `/apps/${encodeURIComponent(clientId)}/certificates`
  const { keyId } = await callEmulator(emulator, 'POST', path, ['keyId'], {
    certificate: certificate.pem,
  })
  const tenants = listOf(await callEmulator(emulator, 'GET', '/state', ['tenants']), 'tenants')
  const apps: readonly Answer[] = tenants.flatMap((tenant) => listOf(tenant, 'apps'))
  const app = apps.find((one) => String(one.appId).toLowerCase() === clientId.toLowerCase())
  const resource = listOf(app ?? {}, 'grants')[0]?.resourceAppId
  return { keyId: String(keyId), scope: resource === undefined ? undefined : `api://${resource}/.default` }
}
