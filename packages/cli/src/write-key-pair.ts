import { resolve } from 'node:path'
import type { Certificate, KeyPair } from 'x5t'
import type { Context } from './command.ts'
import {
  type KeyForm,
  keyForms,
  type PublicForm,
  publicForms,
  renderCertificate,
  renderKeyPair,
} from './key-pair-form.ts'
import { nearPath } from './near-path.ts'
import {
  checkUnencrypted,
  decidePassphrase,
  type UnencryptedValues,
  unencryptedOptions,
} from './new-passphrase.ts'
import { passphraseIn } from './passphrase.ts'
import { sayIfSlow } from './slow-work.ts'
import { type FileToWrite, writeFiles } from './write-file.ts'

/** Of commands that write a key pair, or its certificate, somewhere else. */
export const writeOptions = {
  out: {
    type: 'string',
    value: 'FILE',
    required: true,
    description: 'where to; - for standard output, even if it is a terminal',
  },
  'new-passphrase-file': {
    type: 'string',
    value: 'FILE',
    description: 'passphrase of what is written; default: the one that opens the key',
  },
  'new-passphrase-fd': {
    type: 'integer',
    value: 'N',
    minimum: 3,
    maximum: 255,
    description: 'the same from this file descriptor',
  },
  ...unencryptedOptions,
  force: { type: 'boolean', description: 'replace files that exist' },
} as const

export const allForms = [...publicForms, ...keyForms] as const

export interface WriteValues extends UnencryptedValues {
  readonly to: PublicForm | KeyForm
  readonly out: string
  readonly 'new-passphrase-file': string | undefined
  readonly 'new-passphrase-fd': number | undefined
  readonly force: boolean
}

/** What is wrong with the values together. */
export function checkWrite({ to, out, insecure, ...values }: WriteValues): readonly string[] {
  const named = values['new-passphrase-file'] ?? values['new-passphrase-fd']
  return [
    ...checkUnencrypted({ insecure, ...values }),
    ...(values['new-passphrase-file'] !== undefined && values['new-passphrase-fd'] !== undefined
      ? ['--new-passphrase-file and --new-passphrase-fd exclude each other']
      : []),
    ...(insecure && named !== undefined ? ['--unencrypted-key and a new passphrase exclude each other'] : []),
    ...(insecure && to === 'pfx' ? ['a pfx has a passphrase; many readers refuse one without'] : []),
    ...(to === 'pair' && out === '-' ? ['a pair is two files; for standard output: --to pem'] : []),
  ]
}

/** @param pair - With the passphrase that opened it, which goes on unless another is named. */
export async function writeKeyPair(
  pair: Pick<KeyPair, 'certificate' | 'privateKey'> & { readonly passphrase: string | undefined },
  form: KeyForm,
  values: WriteValues,
  { io, terminal, ask }: Context,
): Promise<void> {
  const passphrase = await decidePassphrase(
    newPassphrase(values, { io, terminal }) ?? pair.passphrase,
    values,
    ask,
  )
  const files = await sayIfSlow(
    terminal,
    'deriving the key that encrypts it',
    renderKeyPair(pair, form, target(values.out, io.folder), passphrase),
  )
  await write(files, values, { io, terminal })
}

export async function writeCertificate(
  certificate: Certificate,
  form: PublicForm,
  values: WriteValues,
  context: Context,
): Promise<void> {
  await write([renderCertificate(certificate, form, target(values.out, context.io.folder))], values, context)
}

const target = (out: string, folder: string) => (out === '-' ? out : resolve(folder, out))

async function write(
  files: readonly FileToWrite[],
  { out, force }: WriteValues,
  { io, terminal }: Pick<Context, 'io' | 'terminal'>,
): Promise<void> {
  if (out === '-') {
    for (const { text } of files) io.stdout.write(text)
    return
  }
  await writeFiles(files, force)
  const names = files.map(
    ({ path, mode }) => `${nearPath(path, io.folder)}${mode === 0o600 ? ' (0600)' : ''}`,
  )
  terminal.out(`wrote ${names.join(', ')}`)
}

function newPassphrase(values: WriteValues, reader: Pick<Context, 'io' | 'terminal'>): string | undefined {
  const { 'new-passphrase-file': file, 'new-passphrase-fd': descriptor } = values
  return passphraseIn(file, descriptor, reader)
}
