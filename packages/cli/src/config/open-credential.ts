import { resolve } from 'node:path'
import type { KeyPair } from 'x5t/credential'
import { CliError, HintedError } from '../cli-error.ts'
import type { Context } from '../command.ts'
import type { Io } from '../io.ts'
import { type KeyText, type KeyTextValues, lostLineEnds, readKeyText } from '../key-text.ts'
import { findPassphrase, noPassphraseOptions, openAsking, type PassphraseValues } from '../passphrase.ts'
import { assertComplete } from './complete.ts'
import type { StoredProfile } from './init-command.ts'
import type { Settings } from './resolve-settings.ts'

export interface OpenedCredential extends KeyPair {
  /** What opened the key; for writing it again, and never for showing. */
  readonly passphrase: string | undefined
  /** Where key, certificate and passphrase came from, in words. */
  readonly from: {
    readonly key: string
    readonly certificate: string
    readonly passphrase: string | undefined
  }
}

/** Of a command that has no option for a key or a passphrase: hints name none. */
export const noOptions: KeyTextValues & PassphraseValues = { 'key-fd': undefined, ...noPassphraseOptions }

/**
 * Key and certificate as the settings say; a passphrase is asked for where one is missing and a person can be asked.
 *
 * @throws HintedError around the library's error, naming the option, variable or file that led there.
 */
export async function openCredential(
  settings: StoredProfile,
  values: KeyTextValues & PassphraseValues,
  context: Context,
): Promise<OpenedCredential> {
  const { io, terminal, ask } = context
  const { certificate, key } = settings.values
  const sources = values === noOptions ? 'PASSPHRASE or X5T_PASSPHRASE' : undefined
  const given = readKeyText(values, io)
  if (given === undefined) assertComplete(settings, ['certificate'])
  const from = {
    key: given?.from ?? key?.from ?? certificate?.from ?? '',
    certificate: certificate?.from ?? given?.from ?? '',
  }
  let passphrase = await findPassphrase(values, context)
  try {
    const open = async (found: typeof passphrase) => {
      passphrase = found
      return loadAs(settings, given, found?.value, io)
    }
    const credential = await openAsking(passphrase, from.key, ask, open, sources)
    for (const warning of credential.warnings) terminal.warn(warning)
    if (given !== undefined && lostLineEnds(given.text))
      terminal.note(`the line ends of the PEM from ${given.from} were lost, and are put back`)
    return { ...credential, passphrase: passphrase?.value, from: { ...from, passphrase: passphrase?.from } }
  } catch (error) {
    const byPath = [certificate, key]
      .filter((setting) => setting !== undefined && resolve(io.folder, setting.from) === setting.value)
      .map((setting) => setting?.from)
    const hints = hintsFor(error, from, byPath, passphrase?.from)
    throw new HintedError(error, [...hints, ...startOfPath(error, settings)])
  }
}

/** Key and certificate as the settings say, or with a key that was given as text. */
export async function loadAs(
  { values: { certificate, key } }: Pick<Settings, 'values'>,
  given: KeyText | undefined,
  passphrase: string | undefined,
  { now }: Pick<Io, 'now'>,
): Promise<KeyPair> {
  const { loadKeyPair } = await import('x5t/credential')
  if (given !== undefined) return loadGiven(given, certificate?.value, { passphrase, now })
  // Both may be one file, which an error would name twice.
  const path = [...new Set([certificate?.value, key?.value])].filter((file) => file !== undefined)
  return loadKeyPair({ path, passphrase, now })
}

/** A key given as text may bring its certificate along; else it is joined by the one that the settings name. */
async function loadGiven(
  { text, from }: KeyText,
  certificatePath: string | undefined,
  options: { passphrase: string | undefined; now: () => number },
): Promise<KeyPair> {
  const { loadKeyPair } = await import('x5t/credential')
  try {
    return await loadKeyPair({ pem: text, ...options })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_CERT_MISSING')) throw error
    if (certificatePath === undefined) {
      throw new CliError('ERR_CONFIG_MISSING', `the key from ${from} comes without a certificate`, {
        cause: error,
        hints: ['name its certificate: --cert FILE, or put both into one PEM'],
      })
    }
  }
  const { loadCertificate } = await import('x5t')
  const { der, chain } = await loadCertificate({ path: certificatePath })
  return loadKeyPair({ pem: [text, der, ...chain], ...options })
}

/** For a file that is not there, where a configuration names it. */
export function startOfPath(error: unknown, { values }: Pick<Settings, 'values'>): string[] {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_FILE_MISSING')) return []
  const named = [values.certificate, values.key].find((part) => error.message.startsWith(`${part?.value} `))
  return named?.source === 'file'
    ? ['a relative path in a configuration file starts at the folder of that file']
    : []
}

/** @param byPath - Files that were named by their path: nobody has to be told who named them. */
function hintsFor(
  error: unknown,
  from: { key: string; certificate: string },
  byPath: readonly (string | undefined)[],
  passphraseFrom: string | undefined,
) {
  const wrong = error instanceof Error && 'code' in error && error.code === 'ERR_PASSPHRASE_WRONG'
  const parts = (['certificate', 'key'] as const).filter((part) => !byPath.includes(from[part]))
  const places = [...new Set(parts.map((part) => from[part]))]
  const what = parts.length === 2 ? 'key and certificate are' : `the ${parts[0]} is`
  return [
    ...(places.length > 0 ? [`${what} named by ${places.join(' and ')}`] : []),
    ...(wrong ? [`the passphrase is from ${passphraseFrom}`] : []),
    ...(wrong && passphraseFrom?.endsWith('.env')
      ? ['in .env, a passphrase with # in it goes in single quotes']
      : []),
  ]
}
