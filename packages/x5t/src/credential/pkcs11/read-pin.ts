import { readKeyFile } from '../read-key-file.ts'

/** The PIN of a token, or who asks for it. */
export type Pin = string | (() => string | Promise<string>)

/** The PIN from where it was said to be: the option first, then a file, of which the line end is no part. */
export async function readPin(pin: Pin | undefined, file: string | undefined): Promise<string | undefined> {
  if (pin !== undefined) return typeof pin === 'function' ? pin() : pin
  if (file === undefined) return undefined
  const { content } = await readKeyFile(file)
  return content.toString('utf8').replace(/\r?\n$/, '')
}
