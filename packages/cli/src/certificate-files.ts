import { resolve } from 'node:path'
import type { Certificate } from 'x5t'
import { UsageError } from './cli-error.ts'
import type { Context } from './command.ts'
import { assertComplete } from './config/complete.ts'
import { holdsKey } from './config/config-file.ts'
import { resolveSettings, type SettingsValues } from './config/resolve-settings.ts'
import { findPassphrase, openAsking, type Passphrase, type PassphraseValues } from './passphrase.ts'

export interface CertificateFile {
  /** As it was named; an absolute path where the configuration names it. */
  readonly file: string
  readonly path: string
  readonly certificate: Certificate
}

/** Certificates in the files that are named; the configured one where none is. */
export async function openCertificates(
  files: readonly string[],
  values: SettingsValues & PassphraseValues,
  context: Context,
): Promise<readonly CertificateFile[]> {
  const named = files.length > 0 ? files : [configuredCertificate(values, context.io)]
  const passphrase = await findPassphrase(values, context)
  const opened: CertificateFile[] = []
  for (const file of named) {
    const certificate = await openCertificate([file], passphrase, context)
    opened.push({ file, path: resolve(context.io.folder, file), certificate })
  }
  return opened
}

/** The certificate that one file holds, or several with its chain or its key. Keys in a PEM are not opened. */
export async function openCertificate(
  files: readonly string[],
  passphrase: Passphrase | undefined,
  { io, ask }: Context,
): Promise<Certificate> {
  const { loadCertificate } = await import('x5t')
  const path = files.map((file) => resolve(io.folder, assertIsPath(file)))
  return openAsking(passphrase, files.join(' and '), ask, (found) =>
    loadCertificate({ path, passphrase: found?.value }),
  )
}

function configuredCertificate(values: SettingsValues, io: Context['io']): string {
  const settings = resolveSettings(values, io)
  assertComplete(settings, ['certificate'])
  return settings.values.certificate?.value ?? '' // assertComplete has thrown
}

/** @throws UsageError for a key in the place of its path; what it is is not repeated. */
export function assertIsPath(word: string): string {
  if (!holdsKey(word)) return word
  throw new UsageError(
    ['a key or certificate itself stands where its path belongs'],
    ['every user of the machine can read the arguments of a process; a key comes by --key-fd or X5T_KEY'],
  )
}
