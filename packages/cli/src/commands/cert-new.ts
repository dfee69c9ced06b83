import { resolve } from 'node:path'
import { defineCommand } from '../command.ts'
import { type KeyForm, keyForms, pathsOf, renderKeyPair } from '../key-pair-form.ts'
import { keySizeOption } from '../key-size-option.ts'
import { nearPath } from '../near-path.ts'
import { checkUnencrypted, decidePassphrase, unencryptedOptions } from '../new-passphrase.ts'
import { checkPassphrase, passphraseOptions, readPassphrase, sourcesNamed } from '../passphrase.ts'
import { shellWord } from '../shell-word.ts'
import { sayIfSlow } from '../slow-work.ts'
import { refuseExisting, writeFiles } from '../write-file.ts'

export const certNew = defineCommand({
  summary: 'Make a private key and a self-signed certificate for an app registration',
  details:
    'Writes NAME.key (0600) and NAME.crt, or one file by --to. The key is encrypted with a passphrase from a file, a\n' +
    'descriptor, standard input, X5T_PASSPHRASE or the terminal; one that is not takes two words:\n' +
    '--unencrypted-key --insecure.',
  examples: [
    'x5t cert new --name billing --passphrase-file passphrase.txt',
    'x5t cert new --name billing --bits 4096 --days 180 --to pfx --passphrase-stdin < passphrase.txt',
    'x5t cert new --name test --unencrypted-key --insecure',
  ],
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      required: true,
      description: 'common name, and name of the files',
    },
    organization: { type: 'string', value: 'NAME', description: 'organization in the subject' },
    bits: keySizeOption,
    days: {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 3_650,
      default: 365,
      description: 'how long it is valid',
    },
    'allow-long-validity': { type: 'boolean', description: 'more than 398 days' },
    to: {
      type: 'string',
      value: 'FORM',
      choices: keyForms,
      default: 'pair',
      description: 'two PEM files or one, or a PFX; see x5t cert convert --help',
    },
    out: { type: 'string', value: 'FILE', description: 'where to; default: NAME and what fits the form' },
    ...unencryptedOptions,
    force: { type: 'boolean', description: 'replace files that exist' },
    ...passphraseOptions,
  },
  check: ({ name, organization, days, 'allow-long-validity': long, to, out, ...values }) => [
    ...(/^[\w.-]{1,64}$/.test(name)
      ? []
      : ['--name takes letters, digits, dot, dash and underscore, 64 at most']),
    ...(organization !== undefined && organization.length > 64 ? ['--organization is longer than 64'] : []),
    ...(days > 398 && !long ? ['--days above 398 needs --allow-long-validity'] : []),
    ...checkPassphrase(values),
    ...checkUnencrypted(values),
    ...(values.insecure && sourcesNamed(values) > 0
      ? ['--unencrypted-key and a passphrase exclude each other']
      : []),
    ...(values.insecure && to === 'pfx' ? ['a pfx has a passphrase; many readers refuse one without'] : []),
    ...(out === '-' ? ['a new key goes to a file; for standard output: x5t cert convert'] : []),
  ],
  async run({ name, organization, bits, days, to, out, force, ...values }, { io, terminal, ask }) {
    const target = resolve(io.folder, out ?? `${name}${endings[to]}`)
    if (!force) await refuseExisting(pathsOf(to, target))
    const given = values.insecure ? undefined : await readPassphrase(values, { io, terminal })
    const passphrase = await decidePassphrase(given, values, ask)
    const { generateCertificate, loadKeyPair } = await import('x5t')
    const { certificatePem, privateKeyPem } = await sayIfSlow(
      terminal,
      `making an RSA key of ${bits} bits`,
      generateCertificate({
        commonName: name,
        organization,
        bits: bits === '4096' ? 4096 : bits === '3072' ? 3072 : 2048,
        days,
        allowLongValidity: values['allow-long-validity'],
        now: io.now,
      }),
    )
    const pair = await loadKeyPair({ pem: certificatePem + privateKeyPem, now: io.now })
    const files = await renderKeyPair(pair, to, target, passphrase)
    await writeFiles(files, force)
    const { notAfter, thumbprintSha1Hex } = pair.certificate
    const names = files.map(
      ({ path, mode }) => `${nearPath(path, io.folder)}${mode === 0o600 ? ' (0600)' : ''}`,
    )
    terminal.out(`wrote ${names.join(', ')}, valid until ${new Date(notAfter).toISOString().slice(0, 10)}`)
    terminal.note(`thumbprint ${thumbprintSha1Hex}`)
    const last = shellWord(nearPath(files.at(-1)?.path ?? '', io.folder))
    if (to !== 'pair')
      terminal.note(`the certificate alone: x5t cert convert ${last} --to cer --out ${name}.cer`)
    const upload = to === 'pair' ? last : `${name}.cer`
    terminal.note(`next: upload ${upload}, or for the emulator: x5t emulator cert add ${upload}`)
    return 0
  },
})

/** Of a pair they are added. */
const endings: Readonly<Record<KeyForm, string>> = {
  pair: '',
  pem: '.pem',
  'azure-devops': '.pem',
  pfx: '.pfx',
}
