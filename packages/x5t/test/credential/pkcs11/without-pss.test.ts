import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClientAssertion } from '../../../src/assertion/client-assertion.ts'
import { loadPkcs11Credential } from '../../../src/credential/pkcs11/load-pkcs11-credential.ts'
import { testCredential } from '../../../src/credential/test-credential.ts'
import { initToken, makeTokenKey, pin, skipWithoutSofthsm, softhsm } from '../../support/softhsm.ts'

describe('a token that offers no PSS', skipWithoutSofthsm, () => {
  test('signs with RS256, and client assertions say so', async () => {
    initToken('Old', 'CKM_RSA_PKCS_KEY_PAIR_GEN,CKM_RSA_PKCS')
    makeTokenKey('Old', 'app', '01')
    const uri = `pkcs11:token=Old;object=app?module-path=${softhsm}`
    const credential = await loadPkcs11Credential({ uri, pin })
    assert.deepEqual(credential.signer.algorithms, ['RS256'])
    await testCredential(credential)
    await assert.rejects(credential.signer.sign('PS256', Buffer.from('data')), { code: 'ERR_SIGNER_FAILED' })

    const assertion = await createClientAssertion({
      credential,
      clientId: 'a',
      audience: 'b',
      now: Date.now(),
    })
    const [header = ''] = assertion.split('.')
    const { alg, x5t } = JSON.parse(Buffer.from(header, 'base64url').toString())
    assert.deepEqual([alg, x5t], ['RS256', credential.certificate.thumbprintSha1])
    credential.close()
  })
})
