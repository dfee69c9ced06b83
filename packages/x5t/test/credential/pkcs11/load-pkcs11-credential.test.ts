import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { before, describe, test } from 'node:test'
import { loadCertificate } from '../../../src/credential/load-certificate.ts'
import {
  loadPkcs11Credential,
  type Pkcs11Credential,
} from '../../../src/credential/pkcs11/load-pkcs11-credential.ts'
import { testCredential } from '../../../src/credential/test-credential.ts'
import { loadCryptoki } from '../../../src/signer/pkcs11/cryptoki.ts'
import { folder } from '../../support/openssl.ts'
import {
  certifyTokenKey,
  initToken,
  makeTokenKey,
  pin,
  pkcs11Tool,
  skipWithoutSofthsm,
  softhsm,
} from '../../support/softhsm.ts'

const uri = (path: string, query = '') => `pkcs11:${path}?module-path=${softhsm}${query}`
const app = uri('token=Signing;object=app')

describe('a key in SoftHSM2 that never leaves it', skipWithoutSofthsm, () => {
  before(() => {
    initToken('Signing')
    initToken('Other')
    makeTokenKey('Signing', 'app', '01')
    makeTokenKey('Signing', 'strict', '02', '--always-auth')
    pkcs11Tool('Signing', '--keypairgen', '--key-type', 'rsa:2048', '--label', 'bare', '--id', 'a1b2')
    pkcs11Tool('Signing', '--keypairgen', '--key-type', 'rsa:2048', '--label', 'twin', '--id', '05')
    pkcs11Tool('Signing', '--keypairgen', '--key-type', 'rsa:2048', '--label', 'twin', '--id', '06')
  })

  test('signs with PS256 and RS256 as its certificate verifies, many at once', async () => {
    const credential = await loadPkcs11Credential({ uri: app, pin })
    assert.equal(credential.certificate.subject, 'CN=app')
    assert.deepEqual(credential.signer.algorithms, ['PS256', 'RS256'])
    const algorithms = ['PS256', 'RS256', 'PS256', 'PS256', 'RS256', 'PS256'] as const
    await Promise.all(algorithms.map((algorithm) => testCredential(credential, algorithm)))
    credential.close()
  })

  test('is found by its id alone, in a token found by its serial number', async () => {
    const { library } = await loadCryptoki(softhsm)
    const serial = library
      .C_GetSlotList(true)
      .map((slot) => library.C_GetTokenInfo(slot))
      .find(({ label }) => label.trim() === 'Signing')
      ?.serialNumber.trim()
    const credential = await loadPkcs11Credential({ uri: uri(`serial=${serial};id=%01;type=private`), pin })
    assert.equal(credential.certificate.subject, 'CN=app')
    credential.close()
  })

  test('takes the PIN from a function, or from the file that the URI names', async () => {
    const file = folder.write('pin', `${pin}\n`)
    for (const options of [
      { uri: app, pin: async () => pin },
      { uri: uri('token=Signing;object=app', `&pin-source=file:${file}`) },
      { uri: uri('token=Signing;object=app', `&pin-source=file://${encodeURI(file)}`) },
    ]) {
      const credential = await loadPkcs11Credential(options)
      credential.close()
    }
  })

  test('is asked for the PIN again for each signature when it wants so, and only then', async () => {
    let asked = 0
    const ask = () => {
      asked++
      return pin
    }
    const credential = await loadPkcs11Credential({ uri: uri('token=Signing;object=strict'), pin: ask })
    const atStart = asked
    await testCredential(credential)
    await testCredential(credential)
    assert.equal(asked, atStart + 2)
    credential.close()

    asked = 0
    const lax = await loadPkcs11Credential({ uri: app, pin: ask })
    await testCredential(lax)
    assert.equal(asked, 1)
    lax.close()
  })

  test('goes on when its session was lost', async () => {
    const credential = await loadPkcs11Credential({ uri: app, pin })
    await closeAllSessions()
    await testCredential(credential)
    credential.close()
  })

  test('signs again after a PIN that was refused, or could not be had', async () => {
    const given: (string | Error)[] = []
    const ask = () => {
      const next = given.shift() ?? pin
      if (next instanceof Error) throw next
      return next
    }
    const credential = await loadPkcs11Credential({ uri: uri('token=Signing;object=strict'), pin: ask })
    given.push('000000')
    await assert.rejects(testCredential(credential), { code: 'ERR_PIN_WRONG' })
    await testCredential(credential)
    const cause = new Error('no answer')
    given.push(cause)
    await assert.rejects(testCredential(credential), { code: 'ERR_PIN_MISSING', cause })
    await testCredential(credential)
    credential.close()
  })

  test('signs no more once it is closed, which may be twice, or after its session was lost', async () => {
    for (const lose of [async () => undefined, closeAllSessions]) {
      const credential = await loadPkcs11Credential({ uri: app, pin })
      await lose()
      credential.close()
      credential.close()
      await assert.rejects(testCredential(credential), { code: 'ERR_SIGNER_FAILED', message: /was closed/ })
    }
  })

  for (const [object, lose] of [
    ['strict', async () => undefined],
    ['app', closeAllSessions],
  ] as const) {
    test(`signs no more where ${object} is closed while its PIN is asked for`, async () => {
      let asked = 0
      let credential: Pkcs11Credential | undefined
      const ask = () => {
        asked++
        credential?.close()
        return pin
      }
      credential = await loadPkcs11Credential({ uri: uri(`token=Signing;object=${object}`), pin: ask })
      const atStart = asked
      await lose()
      await assert.rejects(testCredential(credential), { code: 'ERR_SIGNER_FAILED', message: /was closed/ })
      assert.equal(asked, atStart + 1)
    })
  }

  for (const [object, id, allowed, algorithms] of [
    ['no-pss', '11', 'SHA256-RSA-PKCS', ['RS256']],
    ['no-hash', '12', 'RSA-PKCS', ['RS256']],
    ['pss-no-hash', '13', 'RSA-PKCS-PSS', ['PS256', 'RS256']],
  ] as const) {
    test(`signs as it may when the token can do more than the key: ${allowed}`, async () => {
      makeTokenKey('Signing', object, id, '--allowed-mechanisms', allowed)
      const credential = await loadPkcs11Credential({ uri: uri(`token=Signing;object=${object}`), pin })
      assert.deepEqual(credential.signer.algorithms, algorithms)
      await testCredential(credential)
      credential.close()
    })
  }

  test('warns of a certificate outside its dates, or refuses it where the caller says so', async () => {
    const now = () => Date.now() + 40 * 86_400_000
    const credential = await loadPkcs11Credential({ uri: app, pin, now })
    assert.match(credential.warnings.join(), /^certificate CN=app expired on /)
    credential.close()
    await assert.rejects(loadPkcs11Credential({ uri: app, pin, now, outsideDates: 'refuse' }), {
      code: 'ERR_CERT_EXPIRED',
    })
  })

  test('takes a certificate that is not in the token, if it belongs to the key', async () => {
    const bare = uri('token=Signing;object=bare')
    const own = await loadCertificate({ path: certifyTokenKey('Signing', 'bare', 'a1b2') })
    const credential = await loadPkcs11Credential({ uri: bare, pin, certificate: own })
    await testCredential(credential)
    credential.close()
    await assert.rejects(loadPkcs11Credential({ uri: app, pin, certificate: own }), {
      code: 'ERR_CERT_KEY_MISMATCH',
    })
    await assert.rejects(loadPkcs11Credential({ uri: bare, pin }), { code: 'ERR_CERT_MISSING' })
  })

  test('never signs with a wrong PIN, and tries it once', async () => {
    await closeAllSessions()
    const { constants } = await loadCryptoki(softhsm)
    let asked = 0
    const wrong = () => {
      asked++
      return '000000'
    }
    await assert.rejects(
      loadPkcs11Credential({ uri: app, pin: wrong }),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'ERR_PIN_WRONG')
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /000000/)
        return true
      },
    )
    assert.equal(asked, 1)
    assert.ok('CKR_PIN_INCORRECT' in constants)
  })

  const refusals: [string, string, string][] = [
    ['no PIN', app, 'ERR_PIN_MISSING'],
    ['a token that is not there', uri('token=Nowhere'), 'ERR_PKCS11_TOKEN_MISSING'],
    ['two tokens', uri('object=app'), 'ERR_PKCS11_TOKEN_AMBIGUOUS'],
    ['a key that is not there', uri('token=Signing;object=nowhere', '&pin-source='), 'ERR_KEY_MISSING'],
    ['two keys', uri('token=Signing;object=twin'), 'ERR_KEY_AMBIGUOUS'],
    ['no library', 'pkcs11:token=Signing', 'ERR_PKCS11_URI_INVALID'],
    [
      'a library that is none',
      `pkcs11:token=Signing?module-path=${import.meta.filename}`,
      'ERR_PKCS11_UNAVAILABLE',
    ],
  ]
  for (const [what, from, code] of refusals) {
    test(`refuses ${what}: ${code}`, async () => {
      const options = code === 'ERR_PIN_MISSING' ? { uri: from } : { uri: from, pin }
      await assert.rejects(loadPkcs11Credential(options), { code })
    })
  }
})

/** As a token that is pulled out does, or another program. */
async function closeAllSessions(): Promise<void> {
  const { library } = await loadCryptoki(softhsm)
  const { C_CloseAllSessions } = createRequire(import.meta.url)('pkcs11js').PKCS11.prototype
  for (const slot of library.C_GetSlotList(true)) C_CloseAllSessions.call(library, slot)
}
