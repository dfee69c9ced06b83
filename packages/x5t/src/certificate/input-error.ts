import { CertificateError, X5tError } from '../errors.ts'

/** Something that begins as a known form and does not go on as one. */
export function damaged(message: string, cause?: unknown): CertificateError {
  return new CertificateError('ERR_INPUT_DAMAGED', message, {
    cause,
    hint: 'copy it again, whole; a PEM block from its BEGIN line to its END line',
  })
}

/** Runs a reader; whatever it throws that is not ours is about the bytes. */
export async function orDamaged<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof X5tError ? error : damaged(`${name} is damaged or cut short`, error)
  }
}
