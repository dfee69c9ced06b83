import { after, before } from 'node:test'
import { openAuthority } from '../packages/emulator/src/tls/authority.ts'
import { openServerCertificate } from '../packages/emulator/src/tls/server-certificate.ts'
import { createStage, type Stage } from './stage.ts'

/** For clients that need something else besides: a resource that asks for tokens, an API that verifies them, a secret. */
export let stage: Stage
export let appId: string
export let apiId: string
export const secret = 'geheim & mehr'
/** For servers on localhost, by the authority that the clients trust already. */
export let tls: { key: string; cert: string }
before(async () => {
  stage = await createStage()
  const { entra, good, folder } = stage
  apiId = entra.addApp({ name: 'cars', accessTokenVersion: 2 }).appId
  appId = entra.addApp({ name: 'client', certificates: [good.certificate], secrets: [secret] }).appId
  tls = await openServerCertificate(await openAuthority(folder, Date.now()), folder, Date.now())
})
after(() => stage.remove())
