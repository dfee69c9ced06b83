import { CertificateError } from '../../errors.ts'
import type { Cryptoki } from './cryptoki.ts'
import { pkcs11Error } from './pkcs11-error.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'
import { openSession, type Session, type TokenKey } from './session.ts'
import { findToken, type Token } from './token.ts'

/** A key in a session that is logged in; its handle is worth nothing in another session. */
export interface OpenKey {
  readonly token: Token
  readonly session: Session
  readonly key: TokenKey
}

/**
 * Finds the token, logs in, finds the key.
 *
 * @throws CertificateError for a token, a PIN or a key that is missing, wrong, or one of several.
 */
export async function openKey(
  cryptoki: Cryptoki,
  uri: Pkcs11Uri,
  pin: () => Promise<string | undefined>,
): Promise<OpenKey> {
  try {
    const token = findToken(cryptoki, uri)
    const given = token.needsLogin && !token.hasPinPad ? await pin() : undefined
    if (given === undefined && token.needsLogin && !token.hasPinPad) throw pinMissing(token)
    const session = openSession(cryptoki, token, given)
    try {
      return { token, session, key: theKey(session, token, uri) }
    } catch (error) {
      session.close()
      throw error
    }
  } catch (error) {
    throw pkcs11Error(error)
  }
}

function theKey(session: Session, token: Token, uri: Pkcs11Uri): TokenKey {
  const keys = session.findKeys(uri)
  const [key] = keys
  if (key === undefined) throw keyMissing(token)
  if (keys.length > 1) throw keyAmbiguous(token, keys)
  return key
}

function pinMissing({ label }: Token): CertificateError {
  return new CertificateError('ERR_PIN_MISSING', `token ${label} wants a PIN and none was given`, {
    hint: 'put it into a file with mode 0600 and name that in the URI: pin-source=file:/…',
  })
}

function keyMissing({ label }: Token): CertificateError {
  return new CertificateError(
    'ERR_KEY_MISSING',
    `token ${label} holds no RSA private key that matches the URI`,
    {
      hint: 'list what is there: pkcs11-tool --module <module> --login --list-objects',
    },
  )
}

function keyAmbiguous(token: Token, keys: readonly TokenKey[]): CertificateError {
  const list = keys.map(({ label, id }) => `${label} (id %${id.toString('hex').replace(/..(?=.)/g, '$&%')})`)
  return new CertificateError(
    'ERR_KEY_AMBIGUOUS',
    `token ${token.label} holds ${keys.length} keys that could be meant: ${list.join(', ')}`,
    { hint: 'add object= or id= to the URI' },
  )
}
