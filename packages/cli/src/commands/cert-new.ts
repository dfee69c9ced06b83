import { resolve } from 'node:path'
import { UsageError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { checkPassphrase, passphraseOptions, readPassphrase, sourcesNamed } from '../passphrase.ts'
import { writeFiles } from '../write-file.ts'

export const certNew = defineCommand({
  summary: 'Make a private key and a self-signed certificate for an app registration',
  details:
    'Writes NAME.key (0600) and NAME.crt. The key is encrypted with a passphrase from a file, a descriptor, standard\n' +
    'input or X5T_PASSPHRASE; a key that is not takes two words: --unencrypted-key --insecure.',
  examples: [
    'x5t cert new --name billing --passphrase-file passphrase.txt',
    'x5t cert new --name billing --bits 4096 --days 180 --passphrase-stdin < passphrase.txt',
    'x5t cert new --name test --unencrypted-key --insecure',
  ],
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      required: true,
      description: 'common name, and name of the files',
    },
    bits: {
      type: 'string',
      value: 'N',
      choices: ['2048', '3072', '4096'],
      default: '2048',
      description: 'size of the RSA key',
    },
    days: {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 3_650,
      default: 365,
      description: 'how long it is valid',
    },
    'allow-long-validity': { type: 'boolean', description: 'more than 398 days' },
    'unencrypted-key': {
      type: 'boolean',
      description: 'write the key without a passphrase, with --insecure',
    },
    insecure: { type: 'boolean', description: 'see --unencrypted-key' },
    force: { type: 'boolean', description: 'replace files that exist' },
    ...passphraseOptions,
  },
  check: ({ name, days, 'allow-long-validity': long, 'unencrypted-key': plain, insecure, ...values }) => [
    ...(/^[\w.-]{1,64}$/.test(name)
      ? []
      : ['--name takes letters, digits, dot, dash and underscore, 64 at most']),
    ...(days > 398 && !long ? ['--days above 398 needs --allow-long-validity'] : []),
    ...checkPassphrase(values),
    ...(plain && sourcesNamed(values) > 0 ? ['--unencrypted-key and a passphrase exclude each other'] : []),
    ...(plain !== insecure ? ['--unencrypted-key and --insecure go together'] : []),
  ],
  async run({ name, bits, days, force, insecure, ...values }, { io, terminal }) {
    const passphrase = insecure ? undefined : await readPassphrase(values, io)
    if (passphrase === undefined && !insecure) {
      throw new UsageError(
        ['no passphrase for the key'],
        [
          'give --passphrase-file, --passphrase-fd, --passphrase-stdin or X5T_PASSPHRASE',
          'or decide: --unencrypted-key --insecure',
        ],
      )
    }
    const { generateCertificate, loadCertificate } = await import('x5t')
    const { certificatePem, privateKeyPem } = await generateCertificate({
      commonName: name,
      bits: bits === '4096' ? 4096 : bits === '3072' ? 3072 : 2048,
      days,
      allowLongValidity: values['allow-long-validity'],
      passphrase,
      now: io.now,
    })
    const files = [
      { path: resolve(io.folder, `${name}.key`), text: privateKeyPem, mode: 0o600 },
      { path: resolve(io.folder, `${name}.crt`), text: certificatePem, mode: 0o644 },
    ] as const
    await writeFiles(files, force)
    const { notAfter, thumbprintSha1Hex } = await loadCertificate({ pem: certificatePem })
    terminal.out(
      `wrote ${name}.key (0600), ${name}.crt, valid until ${new Date(notAfter).toISOString().slice(0, 10)}`,
    )
    terminal.note(`thumbprint ${thumbprintSha1Hex}`)
    terminal.note(`next: upload ${name}.crt, or for the emulator: x5t emulator cert add ${name}.crt`)
    return 0
  },
})
