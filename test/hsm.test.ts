import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { startEmulator } from '@x5t/emulator'
import { createClient } from 'x5t'
import { loadPkcs11Credential } from 'x5t/pkcs11'
import { createVerifier } from 'x5t/verify'
import {
  initToken,
  makeTokenKey,
  pin,
  skipWithoutSofthsm,
  softhsm,
} from '../packages/x5t/test/support/softhsm.ts'

describe('from SoftHSM2 by the emulator to an API', skipWithoutSofthsm, () => {
  before(() => {
    initToken('Signing')
    makeTokenKey('Signing', 'app', '01')
  })

  for (const algorithm of ['PS256', 'RS256'] as const) {
    test(`a key that never leaves its token gets an access token with ${algorithm}`, async (t) => {
      const uri = `pkcs11:token=Signing;object=app?module-path=${softhsm}`
      const credential = await loadPkcs11Credential({ uri, pin })
      const entra = await startEmulator()
      t.after(() => entra.stop())
      const api = entra.addApp({ name: 'cars', accessTokenVersion: 2 })
      const app = entra.addApp({ name: 'reader', certificates: [credential.certificate.pem] })
      const { tenantId: tenant, url: authority, caPem: ca } = entra

      const client = createClient({ tenant, clientId: app.appId, credential, authority, ca, algorithm })
      const { accessToken } = await client.getToken({ scope: `${api.appId}/.default` })
      const verifier = createVerifier({ tenant, audience: api.appId, clients: [app.appId], authority, ca })
      const { claims } = await verifier.verify(accessToken)
      assert.equal(claims.azp, app.appId)
      credential.close()
    })
  }
})
