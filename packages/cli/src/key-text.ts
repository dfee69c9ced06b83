import { CliError } from './cli-error.ts'
import { environmentOf } from './config/variables.ts'
import type { Io } from './io.ts'
import { readSmall } from './small-file.ts'

/** A private key that need not be a file. Never from the arguments: every user of the machine can read those. */
export const keyTextOptions = {
  'key-fd': {
    type: 'integer',
    value: 'N',
    minimum: 3,
    maximum: 255,
    description: 'read the key from this file descriptor: PEM, DER, PFX, or base64 of one',
  },
} as const

export interface KeyTextValues {
  readonly 'key-fd': number | undefined
}

/** A key as it was given, and where it came from. */
export interface KeyText {
  readonly text: string | Uint8Array
  /** `--key-fd` or `X5T_KEY`. */
  readonly from: string
}

/** From the descriptor that is named, else from `X5T_KEY`; undefined for none. @throws CliError `ERR_CONFIG_INVALID` */
export function readKeyText({ 'key-fd': descriptor }: KeyTextValues, io: Io): KeyText | undefined {
  if (descriptor !== undefined) {
    try {
      return { text: readSmall(descriptor, `file descriptor ${descriptor}`), from: '--key-fd' }
    } catch (cause) {
      if (cause instanceof CliError) throw cause
      throw new CliError('ERR_CONFIG_INVALID', `no key can be read from file descriptor ${descriptor}`, {
        cause,
      })
    }
  }
  const { X5T_KEY: text } = environmentOf(io)
  return text === undefined ? undefined : { text, from: 'X5T_KEY' }
}

/** `\n` in two characters, spaces, or nothing is what is left of them in many a variable; the library takes them all. */
export function lostLineEnds(text: string | Uint8Array): boolean {
  return /-----BEGIN [A-Z0-9 ]+-----(?![\r\n])/.test(text.toString())
}
