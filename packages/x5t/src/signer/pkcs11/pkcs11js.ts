/**
 * What is used of the package `pkcs11js`, in its words. Its own types come with it, and where it is not built there are
 * none.
 *
 * @see PKCS #11 Cryptographic Token Interface Base Specification v2.40
 */
export interface Pkcs11js extends Readonly<Record<Constant, number>> {
  readonly PKCS11: new () => Pkcs11Library
}

type Constant =
  | 'CKA_ALWAYS_AUTHENTICATE'
  | 'CKA_CLASS'
  | 'CKA_ID'
  | 'CKA_KEY_TYPE'
  | 'CKA_LABEL'
  | 'CKA_MODULUS'
  | 'CKA_VALUE'
  | 'CKF_LOGIN_REQUIRED'
  | 'CKF_PROTECTED_AUTHENTICATION_PATH'
  | 'CKF_SERIAL_SESSION'
  | 'CKF_SIGN'
  | 'CKF_TOKEN_INITIALIZED'
  | 'CKG_MGF1_SHA256'
  | 'CKK_RSA'
  | 'CKM_RSA_PKCS'
  | 'CKM_RSA_PKCS_PSS'
  | 'CKM_SHA256'
  | 'CKM_SHA256_RSA_PKCS'
  | 'CKM_SHA256_RSA_PKCS_PSS'
  | 'CKO_CERTIFICATE'
  | 'CKO_PRIVATE_KEY'
  | 'CKU_CONTEXT_SPECIFIC'
  | 'CKU_USER'
  | 'CK_PARAMS_RSA_PSS'

/** All but `C_SignAsync` block. What fails throws an error whose message is the return value: `CKR_PIN_INCORRECT`. */
export interface Pkcs11Library {
  /** @param path - Of the shared library. */
  load(path: string): void
  C_Initialize(): void
  C_GetSlotList(tokenPresent: boolean): Buffer[]
  C_GetTokenInfo(slot: Buffer): TokenInfo
  C_GetMechanismList(slot: Buffer): number[]
  C_GetMechanismInfo(slot: Buffer, mechanism: number): { readonly flags: number }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_CloseSession(session: Buffer): void
  C_Login(session: Buffer, userType: number, pin: string | undefined): void
  C_FindObjectsInit(session: Buffer, template: readonly Attribute[]): void
  C_FindObjects(session: Buffer, maxObjects: number): Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_GetAttributeValue(
    session: Buffer,
    object: Buffer,
    template: readonly Attribute[],
  ): { readonly value: Buffer }[]
  C_SignInit(session: Buffer, mechanism: { readonly mechanism: number }, key: Buffer): void
  /** @param room - For the signature. */
  C_SignAsync(session: Buffer, data: Buffer, room: Buffer): Promise<Buffer>
}

/** Texts are padded with blanks. */
interface TokenInfo {
  readonly label: string
  readonly manufacturerID: string
  readonly model: string
  readonly serialNumber: string
  readonly flags: number
}

interface Attribute {
  readonly type: number
  readonly value?: number | string | Buffer
}
