import type { Certificate } from '../../certificate/certificate.ts'
import { CertificateError, ConfigurationError, X5tError } from '../../errors.ts'
import { loadCryptoki } from '../../signer/pkcs11/cryptoki.ts'
import { type Mechanism, mechanismsOf } from '../../signer/pkcs11/mechanism.ts'
import { openKey } from '../../signer/pkcs11/open-key.ts'
import { pkcs11Signer } from '../../signer/pkcs11/pkcs11-signer.ts'
import { parsePkcs11Uri } from '../../signer/pkcs11/pkcs11-uri.ts'
import type { LoadedCredential } from '../load-credential.ts'
import { assertLoadOptions, type LoadOptions, outsideDates } from '../outside-dates.ts'
import { testCredential } from '../test-credential.ts'
import { certificateOfKey } from './certificate-of-key.ts'
import { type Pin, readPin } from './read-pin.ts'

export interface Pkcs11Options extends LoadOptions {
  /** Which key, RFC 7512: `pkcs11:token=Signing;object=app?module-path=/usr/lib/…/libsofthsm2.so`. */
  readonly uri: string
  /** Path of the PKCS#11 library, if the URI has no `module-path`. */
  readonly module?: string | undefined
  /** The PIN of the token, or who asks for it. Default: the content of the file that `pin-source` of the URI names. */
  readonly pin?: Pin | undefined
  /** Default: the certificate in the token that has the id of the key. */
  readonly certificate?: Certificate | undefined
}

export interface Pkcs11Credential extends LoadedCredential {
  /** Closes the session; the signer is of no use afterwards. */
  close(): void
}

/**
 * A credential whose private key stays in a token: an HSM, a smart card, SoftHSM. Needs the package `pkcs11js`.
 *
 * It signs once before it is used: whether a token that offers PSS makes it with the salt of 32 bytes that PS256
 * wants is seen by trying. If not, or if it offers none, the credential signs with RS256.
 *
 * @throws ConfigurationError for the URI; CertificateError for library, token, PIN, key or certificate.
 */
export async function loadPkcs11Credential(options: Pkcs11Options): Promise<Pkcs11Credential> {
  assertLoadOptions(options)
  const uri = parsePkcs11Uri(options.uri)
  const modulePath = options.module ?? uri.modulePath
  if (modulePath === undefined) throw noModule()
  const cryptoki = await loadCryptoki(modulePath)
  const pin = () => readPin(options.pin, uri.pinFile)

  let opened = await openKey(cryptoki, uri, pin)
  const reopen = async () => {
    opened = await openKey(cryptoki, uri, pin)
    return opened
  }
  const signerBy = (mechanisms: readonly Mechanism[]) => pkcs11Signer({ opened, reopen, mechanisms, pin })
  try {
    const certificate = certificateOfKey(opened, options.certificate)
    const warnings = outsideDates(certificate, options)
    const offered = mechanismsOf(cryptoki, opened.token.slot)
    const usable = await skipUnusable(offered, (mechanism) =>
      testCredential({ certificate, signer: signerBy([mechanism]) }),
    )
    const { close, ...signer } = signerBy(usable)
    return { certificate, signer, warnings, close }
  } catch (error) {
    opened.session.close()
    throw error
  }
}

/** From the first mechanism on that passes the test; the error of the last if none does. */
async function skipUnusable(
  mechanisms: readonly Mechanism[],
  test: (mechanism: Mechanism) => Promise<void>,
): Promise<readonly Mechanism[]> {
  const [first, ...rest] = mechanisms
  if (first === undefined) {
    throw new CertificateError('ERR_SIGNER_FAILED', 'the token can sign neither with PS256 nor with RS256')
  }
  try {
    await test(first)
    return mechanisms
  } catch (error) {
    const aboutPin = error instanceof X5tError && error.code.startsWith('ERR_PIN')
    if (aboutPin || rest.length === 0) throw error
    return skipUnusable(rest, test)
  }
}

function noModule(): ConfigurationError {
  return new ConfigurationError(
    'ERR_PKCS11_URI_INVALID',
    'neither the URI nor the module option names a library',
    {
      hint: 'add ?module-path=/usr/lib/… to the URI',
    },
  )
}
