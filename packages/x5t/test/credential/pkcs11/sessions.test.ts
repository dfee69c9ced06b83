import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { beforeEach, describe, type Mock, mock, test } from 'node:test'
import { loadPkcs11Credential } from '../../../src/credential/pkcs11/load-pkcs11-credential.ts'
import { testCredential } from '../../../src/credential/test-credential.ts'
import { loadCryptoki } from '../../../src/signer/pkcs11/cryptoki.ts'
import { initToken, makeTokenKey, pin, skipWithoutSofthsm, softhsm } from '../../support/softhsm.ts'

const uri = (object: string) => `pkcs11:token=Sessions;object=${object}?module-path=${softhsm}`

describe('sessions with a token', skipWithoutSofthsm, async () => {
  if (skipWithoutSofthsm.skip) return
  const { prototype } = createRequire(import.meta.url)('pkcs11js').PKCS11
  const opening: Mock<() => Buffer> = mock.method(prototype, 'C_OpenSession')
  initToken('Sessions')
  makeTokenKey('Sessions', 'app', '01')
  makeTokenKey('Sessions', 'no-pss', '02', '--allowed-mechanisms', 'SHA256-RSA-PKCS')
  const { library } = await loadCryptoki(softhsm)

  /** How many of those opened the token still knows. */
  const stillOpen = () => opening.mock.calls.filter(({ result }) => isOpen(result)).length
  const isOpen = (session: Buffer | undefined) => {
    try {
      prototype.C_GetSessionInfo.call(library, session)
      return true
    } catch (error) {
      assert.match(String(error), /CKR_SESSION_HANDLE_INVALID/)
      return false
    }
  }
  const closeAll = () => {
    for (const slot of library.C_GetSlotList(true)) prototype.C_CloseAllSessions.call(library, slot)
  }
  beforeEach(() => opening.mock.resetCalls())

  test('one while a credential is open, none after it', async () => {
    const credential = await loadPkcs11Credential({ uri: uri('app'), pin })
    assert.equal(stillOpen(), 1)
    credential.close()
    assert.equal(stillOpen(), 0)
  })

  test('none after a PIN that was refused', async () => {
    await assert.rejects(loadPkcs11Credential({ uri: uri('app'), pin: '000000' }), { code: 'ERR_PIN_WRONG' })
    assert.equal(opening.mock.callCount(), 1)
    assert.equal(stillOpen(), 0)
  })

  test('none after a token that fails while keys are looked for', async (t) => {
    t.mock.method(prototype, 'C_FindObjects', () => {
      throw new Error('CKR_DEVICE_ERROR')
    })
    await assert.rejects(loadPkcs11Credential({ uri: uri('app'), pin }), { code: 'ERR_SIGNER_FAILED' })
    assert.equal(opening.mock.callCount(), 1)
    assert.equal(stillOpen(), 0)
  })

  test('one where it was lost before the mechanisms were tried', async () => {
    const now = () => {
      closeAll()
      return Date.now()
    }
    const credential = await loadPkcs11Credential({ uri: uri('no-pss'), pin, now })
    assert.deepEqual(credential.signer.algorithms, ['RS256'])
    assert.equal(stillOpen(), 1)
    await testCredential(credential)
    credential.close()
    assert.equal(stillOpen(), 0)
  })
})
