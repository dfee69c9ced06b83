import { CertificateError } from '../../errors.ts'
import { readKeyFile } from '../read-key-file.ts'

/** The PIN of a token, or who asks for it. */
export type Pin = string | (() => string | Promise<string>)

/**
 * The PIN from where it was said to be: the option first, then a file, of which the line end is no part.
 *
 * @throws CertificateError `ERR_PIN_MISSING` around the error of who was asked.
 */
export async function readPin(pin: Pin | undefined, file: string | undefined): Promise<string | undefined> {
  if (typeof pin === 'function') return asked(pin)
  if (pin !== undefined) return pin
  if (file === undefined) return undefined
  const { content } = await readKeyFile(file)
  return content.toString('utf8').replace(/\r?\n$/, '')
}

async function asked(pin: () => string | Promise<string>): Promise<string> {
  try {
    return await pin()
  } catch (cause) {
    throw new CertificateError('ERR_PIN_MISSING', 'the pin option gave no PIN but an error', {
      cause,
      hint: 'see its cause',
    })
  }
}
