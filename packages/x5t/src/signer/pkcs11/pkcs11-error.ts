import { CertificateError, X5tError } from '../../errors.ts'

/** Says what a PKCS#11 return value means to the person who has to mend it. No message of ours holds a PIN. */
export function pkcs11Error(error: unknown): X5tError {
  if (error instanceof X5tError) return error
  const value = error instanceof Error ? error.message : String(error)
  const [code, message, hint] = known[value] ?? ['ERR_SIGNER_FAILED', `the token does not answer: ${value}`]
  return new CertificateError(code, message, { cause: error, hint })
}

const known: Record<string, readonly [code: X5tError['code'], message: string, hint: string]> = {
  CKR_PIN_INCORRECT: [
    'ERR_PIN_WRONG',
    'the token refuses the PIN',
    'some tokens lock after three wrong PINs',
  ],
  CKR_PIN_LEN_RANGE: ['ERR_PIN_WRONG', 'the PIN is too short or too long for the token', 'check the PIN'],
  CKR_PIN_INVALID: ['ERR_PIN_WRONG', 'the PIN has characters that the token does not take', 'check the PIN'],
  CKR_PIN_LOCKED: ['ERR_PIN_LOCKED', 'the token is locked', 'the security officer of the token unlocks it'],
  CKR_PIN_EXPIRED: [
    'ERR_PIN_LOCKED',
    'the PIN of the token has expired',
    'set a new one with the tool of the token',
  ],
  CKR_KEY_FUNCTION_NOT_PERMITTED: [
    'ERR_SIGNER_FAILED',
    'the key in the token may not sign',
    'make a key with the usage "sign" (CKA_SIGN)',
  ],
}

/**
 * True for what opening a new session can mend: the token was away, someone closed its sessions, or a signature was
 * begun whose PIN was refused, which PKCS#11 2.40 has no other way to call off.
 */
export function isSessionLost(error: unknown): boolean {
  return error instanceof Error && lost.has(error.message)
}

const lost = new Set([
  'CKR_OPERATION_ACTIVE',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_SLOT_ID_INVALID',
])
