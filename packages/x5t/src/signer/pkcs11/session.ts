import type { Cryptoki } from './cryptoki.ts'
import type { Mechanism } from './mechanism.ts'
import { isSessionLost } from './pkcs11-error.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'
import type { Token } from './token.ts'

/** Objects of a token, and signatures by its keys. What it throws comes from the token; see `pkcs11Error`. */
export interface Session {
  findKeys(by: Selector): TokenKey[]
  /** DER. */
  findCertificates(by: Selector): Buffer[]
  /**
   * One at a time.
   *
   * @param pin - For a key that asks for it each time.
   */
  sign(mechanism: Mechanism, key: TokenKey, data: Uint8Array, pin: string | undefined): Promise<Buffer>
  /** A session that is gone is closed as well. */
  close(): void
}

type Selector = Pick<Pkcs11Uri, 'object' | 'id'>

/** An RSA private key that stays in the token. */
export interface TokenKey {
  readonly handle: Buffer
  readonly label: string
  readonly id: Buffer
  /** Big-endian. */
  readonly modulus: Buffer
  /** CKA_ALWAYS_AUTHENTICATE: the token wants the PIN again for each signature. */
  readonly asksPinEachTime: boolean
}

/** More than anyone can choose from. */
const maxObjects = 100

/**
 * A read-only session, logged in. Opening and finding block as long as the token takes; signing does not.
 *
 * @param pin - Undefined where the token needs none, or has a PIN pad.
 */
export function openSession(
  { library, constants }: Cryptoki,
  token: Token,
  pin: string | undefined,
): Session {
  const session = library.C_OpenSession(token.slot, constants.CKF_SERIAL_SESSION)
  const close = () => {
    try {
      library.C_CloseSession(session)
    } catch (error) {
      if (!isSessionLost(error)) throw error
    }
  }
  if (token.needsLogin) {
    try {
      unless('CKR_USER_ALREADY_LOGGED_IN', () => library.C_Login(session, constants.CKU_USER, pin))
    } catch (error) {
      close()
      throw error
    }
  }

  const find = (template: { type: number; value: number }[], { object, id }: Selector): Buffer[] => {
    library.C_FindObjectsInit(session, [
      ...template,
      ...(object === undefined ? [] : [{ type: constants.CKA_LABEL, value: object }]),
      ...(id === undefined ? [] : [{ type: constants.CKA_ID, value: id }]),
    ])
    const found = library.C_FindObjects(session, maxObjects)
    library.C_FindObjectsFinal(session)
    return found
  }
  const attribute = (object: Buffer, type: number): Buffer => {
    const results = unless('CKR_ATTRIBUTE_TYPE_INVALID', () =>
      library.C_GetAttributeValue(session, object, [{ type }]),
    )
    return results?.[0]?.value ?? Buffer.alloc(0)
  }

  return {
    findKeys(by) {
      const rsaKeys = [
        { type: constants.CKA_CLASS, value: constants.CKO_PRIVATE_KEY },
        { type: constants.CKA_KEY_TYPE, value: constants.CKK_RSA },
      ]
      return find(rsaKeys, by).map((handle) => ({
        handle,
        label: attribute(handle, constants.CKA_LABEL).toString(),
        id: attribute(handle, constants.CKA_ID),
        modulus: attribute(handle, constants.CKA_MODULUS),
        asksPinEachTime: attribute(handle, constants.CKA_ALWAYS_AUTHENTICATE)[0] === 1,
      }))
    },
    findCertificates(by) {
      const certificates = [{ type: constants.CKA_CLASS, value: constants.CKO_CERTIFICATE }]
      return find(certificates, by).map((object) => attribute(object, constants.CKA_VALUE))
    },
    async sign({ native, input }, key, data, pinForKey) {
      library.C_SignInit(session, native, key.handle)
      if (key.asksPinEachTime) library.C_Login(session, constants.CKU_CONTEXT_SPECIFIC, pinForKey)
      return library.C_SignAsync(session, input(data), Buffer.alloc(key.modulus.length))
    },
    close,
  }
}

/** Undefined if the token answers `value`, which is no failure here. */
function unless<T>(value: string, call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (error instanceof Error && error.message === value) return undefined
    throw error
  }
}
