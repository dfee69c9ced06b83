import { readKeyFile } from '../read-key-file.ts'
import type { Pkcs11Options } from './load-pkcs11-credential.ts'

/** The PIN from where it was said to be: the option first, then a file, of which the line end is no part. */
export async function readPin(
  pin: Pkcs11Options['pin'],
  file: string | undefined,
): Promise<string | undefined> {
  if (pin !== undefined) return typeof pin === 'function' ? pin() : pin
  if (file === undefined) return undefined
  const { content } = await readKeyFile(file)
  return content.toString('utf8').replace(/\r?\n$/, '')
}
