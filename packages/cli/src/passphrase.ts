import { resolve } from 'node:path'
import { CliError, HintedError, UsageError } from './cli-error.ts'
import type { Context } from './command.ts'
import { environmentOf, readEnvFile } from './config/variables.ts'
import { warnIfExposed } from './exposed-file.ts'
import type { Ask } from './io.ts'
import { readSmall, readSmallFile } from './small-file.ts'
import { readStdin } from './text-input.ts'

/** Where a passphrase may come from. Never from the arguments: every user of the machine can read those. */
export const passphraseOptions = {
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    description: 'first line of a file is the passphrase of the key',
  },
  'passphrase-fd': {
    type: 'integer',
    value: 'N',
    minimum: 3,
    maximum: 255,
    description: 'read it from this file descriptor',
  },
  'passphrase-stdin': { type: 'boolean', description: 'read it from standard input' },
} as const

export interface PassphraseValues {
  readonly 'passphrase-file': string | undefined
  readonly 'passphrase-fd': number | undefined
  readonly 'passphrase-stdin': boolean
}

/** Of a command that has none of the options, the original workflow's `connectToAzure`. */
export const noPassphraseOptions: PassphraseValues = {
  'passphrase-file': undefined,
  'passphrase-fd': undefined,
  'passphrase-stdin': false,
}

/** What is wrong with the options together. */
export function checkPassphrase(values: PassphraseValues): readonly string[] {
  return sourcesNamed(values) > 1 ? ['--passphrase-file, -fd and -stdin exclude each other'] : []
}

/** For hints. */
export const passphraseSources = '--passphrase-file, --passphrase-fd, --passphrase-stdin or X5T_PASSPHRASE'

/** How many of the options name a source. */
export function sourcesNamed(values: PassphraseValues): number {
  const { 'passphrase-file': file, 'passphrase-fd': descriptor, 'passphrase-stdin': stdin } = values
  return [file !== undefined, descriptor !== undefined, stdin].filter(Boolean).length
}

const maxInputBytes = 65_536

/** Where a passphrase is read, and where a file is warned of that others can read as well. */
type Reader = Pick<Context, 'io' | 'terminal'>

/** From the source that is named: file, descriptor or standard input; else `X5T_PASSPHRASE`; `undefined` for none. */
export async function readPassphrase(values: PassphraseValues, reader: Reader): Promise<string | undefined> {
  const { io } = reader
  const { 'passphrase-file': file, 'passphrase-fd': descriptor } = values
  const named = passphraseIn(file, descriptor, reader)
  if (named !== undefined) return named
  if (values['passphrase-stdin']) {
    // A terminal would show it.
    if (io.stdin.isTTY)
      throw new UsageError(
        ['--passphrase-stdin reads a passphrase from a pipe, and there is none'],
        ['leave it out, and a missing passphrase is asked for'],
      )
    const { bytes, whole } = await readStdin(io, maxInputBytes)
    if (!whole) throw new CliError('ERR_CONFIG_INVALID', 'standard input is longer than a passphrase can be')
    return lineOf(bytes.toString('utf8'), 'standard input')
  }
  return io.env.X5T_PASSPHRASE || undefined
}

/** A passphrase, and where it came from. */
export interface Passphrase {
  readonly value: string
  /** `--passphrase-file`, `X5T_PASSPHRASE`, `PASSPHRASE in .env`, `the terminal`. */
  readonly from: string
}

/** Of the Azure SDKs and of the original workflow. */
const otherVariables = ['AZURE_CLIENT_CERTIFICATE_PASSWORD', 'PASSPHRASE'] as const

/** For a key that exists: the source that is named, else the first variable that is set, else none. */
export async function findPassphrase(
  values: PassphraseValues,
  reader: Reader,
): Promise<Passphrase | undefined> {
  const named = Object.keys(passphraseOptions).find((name) => values[name as keyof PassphraseValues]) // its own keys
  if (named !== undefined) return { value: (await readPassphrase(values, reader)) ?? '', from: `--${named}` }
  const environment = environmentOf(reader.io)
  const file = readEnvFile(reader.io)
  for (const name of ['X5T_PASSPHRASE', ...otherVariables]) {
    const value = environment[name] ?? file[name]
    if (value !== undefined)
      return { value, from: environment[name] === undefined ? `${name} in .env` : name }
  }
  return undefined
}

async function askPassphrase(ask: Ask, what: string): Promise<Passphrase> {
  const value = await ask(`Passphrase of the private key (${what}; --passphrase-file): `, { hidden: true })
  return { value: lineOf(value, 'the terminal'), from: 'the terminal' }
}

/**
 * Opens with the passphrase that was found, and asks for one where it is missing and a person can be asked.
 *
 * @param what - Whose passphrase it is, for the question.
 * @param sources - Where it may come from, for the hint.
 */
export async function openAsking<T>(
  found: Passphrase | undefined,
  what: string,
  ask: Ask | undefined,
  open: (passphrase: Passphrase | undefined) => Promise<T>,
  sources = `${passphraseSources}; in the original workflow by PASSPHRASE`,
): Promise<T> {
  try {
    return await open(found)
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_PASSPHRASE_MISSING'
    if (!missing) throw error
    if (ask === undefined) throw new HintedError(error, [`it comes by ${sources}`])
    return open(await askPassphrase(ask, what))
  }
}

/** The first line of the file, or of the descriptor, that an option names. @throws CliError `ERR_CONFIG_INVALID` */
export function passphraseIn(
  file: string | undefined,
  descriptor: number | undefined,
  reader: Reader,
): string | undefined {
  if (file !== undefined) {
    const path = resolve(reader.io.folder, file)
    const passphrase = firstLine(() => readSmallFile(path), file)
    warnIfExposed('passphrase file', { file, path }, reader)
    return passphrase
  }
  if (descriptor === undefined) return undefined
  const from = `file descriptor ${descriptor}`
  return firstLine(() => readSmall(descriptor, from).toString('utf8'), from)
}

/** A passphrase in the first line. @throws CliError `ERR_CONFIG_INVALID` when there is none. */
function firstLine(read: () => string, from: string): string {
  let content: string
  try {
    content = read()
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('ERR_CONFIG_INVALID', `no passphrase can be read from ${from}`, { cause })
  }
  return lineOf(content, from)
}

function lineOf(content: string, from: string): string {
  const [line = ''] = content.split(/\r?\n/)
  if (line === '') throw new CliError('ERR_CONFIG_INVALID', `the passphrase from ${from} is empty`)
  return line
}
