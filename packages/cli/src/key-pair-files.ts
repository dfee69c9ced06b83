import { resolve } from 'node:path'
import { assertIsPath } from './certificate-files.ts'
import type { Context } from './command.ts'
import type { Setting } from './config/definitions.ts'
import { type OpenedCredential, openCredential } from './config/open-credential.ts'
import { resolveSettings, type Settings, type SettingsValues } from './config/resolve-settings.ts'
import type { KeyTextValues } from './key-text.ts'
import type { PassphraseValues } from './passphrase.ts'

/** A key pair in one file or in two. */
export const keyPairPositionals = {
  file: { description: 'certificate, key or both: PEM, DER or PFX', optional: true },
  key: { description: 'the other one, if they are two files', optional: true },
} as const

interface KeyPairWords {
  readonly file: string | undefined
  readonly key: string | undefined
}

/** Key and certificate from the files that are named; the configured ones where none is. */
export async function openKeyPair(
  { file, key }: KeyPairWords,
  values: SettingsValues & KeyTextValues & PassphraseValues,
  context: Context,
): Promise<OpenedCredential> {
  const settings = file === undefined ? resolveSettings(values, context.io) : settingsOf(file, key, context)
  return openCredential(settings, values, context)
}

function settingsOf(file: string, key: string | undefined, { io }: Context): Omit<Settings, 'layers'> {
  const named = (path: string): Setting => ({
    value: resolve(io.folder, assertIsPath(path)),
    from: path,
    source: 'option',
  })
  const values = { certificate: named(file), ...(key !== undefined && { key: named(key) }) }
  return { values, profile: { value: 'default', from: 'default', source: 'default' }, files: [] }
}
