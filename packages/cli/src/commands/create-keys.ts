import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { readVariables } from '../config/variables.ts'
import { keyPaths, workflowPassphrase } from '../workflow.ts'

/** As `openssl req -newkey rsa:4096 -new -x509 -days 730 -keyout private.pem -out public.pem` makes them. */
export const createKeys = defineCommand({
  summary: 'Make the two files of the original workflow: private.pem and public.pem',
  details:
    'RSA 4096, valid 730 days. The key is encrypted when PASSPHRASE is set, in .env or in the environment.\n' +
    'PRIVATE_KEY, PUBLIC_KEY and ROOT_DIR name other files.',
  examples: ['npm run createKeys', 'x5t createKeys', 'x5t createKeys --force'],
  options: { force: { type: 'boolean', description: 'replace files that exist' } },
  async run({ force }, { io, terminal }) {
    const variables = readVariables(io)
    const paths = keyPaths(variables, { privateKey: 'private.pem', publicKey: 'public.pem' })
    const keyPath = resolve(io.folder, paths.privateKey)
    const certificatePath = resolve(io.folder, paths.publicKey)
    const passphrase = workflowPassphrase(variables)
    if (keyPath === certificatePath) {
      throw new CliError(
        'ERR_CONFIG_INVALID',
        `PRIVATE_KEY and PUBLIC_KEY name one file: ${paths.privateKey}`,
      )
    }
    const { refuseExisting, writeFiles } = await import('../write-file.ts')
    if (!force) await refuseExisting([keyPath, certificatePath])

    const { generateCertificate } = await import('x5t')
    terminal.note('making an RSA key of 4096 bits …')
    const { certificatePem, privateKeyPem } = await generateCertificate({
      commonName: variables.APP_ID ?? 'x5t',
      bits: 4096,
      days: 730,
      allowLongValidity: true,
      passphrase,
      now: io.now,
    })
    const files = [
      { path: keyPath, text: privateKeyPem, mode: 0o600 },
      { path: certificatePath, text: certificatePem, mode: 0o644 },
    ] as const
    await writeFiles(files, force)

    const kind = passphrase === undefined ? 'not encrypted: PASSPHRASE is not set' : 'encrypted'
    terminal.out(`wrote ${paths.privateKey} (0600, ${kind}) and ${paths.publicKey}`)
    terminal.note('next: npm run createConfig (x5t createConfig)')
    return 0
  },
})
