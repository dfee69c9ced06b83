import { UsageError } from './cli-error.ts'
import type { Ask } from './io.ts'
import { passphraseSources } from './passphrase.ts'

/** For a key that is to be written without a passphrase: two words, so that it is a decision and no habit. */
export const unencryptedOptions = {
  'unencrypted-key': { type: 'boolean', description: 'write the key without a passphrase, with --insecure' },
  insecure: { type: 'boolean', description: 'see --unencrypted-key' },
} as const

export interface UnencryptedValues {
  readonly 'unencrypted-key': boolean
  readonly insecure: boolean
}

/** What is wrong with the two together. */
export function checkUnencrypted(values: UnencryptedValues): readonly string[] {
  return values['unencrypted-key'] === values.insecure ? [] : ['--unencrypted-key and --insecure go together']
}

/**
 * The passphrase for a key that is written: the one that is given, or asked for twice where a person can be asked.
 *
 * @returns Undefined when the key shall not be encrypted.
 * @throws UsageError when nothing decides it.
 */
export async function decidePassphrase(
  given: string | undefined,
  { insecure }: UnencryptedValues,
  ask: Ask | undefined,
): Promise<string | undefined> {
  if (insecure) return undefined
  if (given !== undefined) return given
  if (ask === undefined) {
    throw new UsageError(
      ['no passphrase for the key'],
      [`give ${passphraseSources}`, 'or decide: --unencrypted-key --insecure'],
    )
  }
  const first = await ask('Passphrase for the private key (--passphrase-file): ', { hidden: true })
  if (first === '')
    throw new UsageError(['the passphrase is empty'], ['without one: --unencrypted-key --insecure'])
  const second = await ask('The same again: ', { hidden: true })
  if (first !== second) throw new UsageError(['the two passphrases differ'])
  return first
}
