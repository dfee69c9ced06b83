import type { SignatureAlgorithm } from 'x5t'
import { defineCommand } from '../command.ts'
import { settingsOptions } from '../config/resolve-settings.ts'
import { keyPairPositionals, openKeyPair } from '../key-pair-files.ts'
import { keyTextOptions } from '../key-text.ts'
import { textOrJson } from '../output-option.ts'
import { checkPassphrase, passphraseOptions } from '../passphrase.ts'
import { plain } from '../plain.ts'

/** Entra takes both. */
const algorithms: readonly SignatureAlgorithm[] = ['PS256', 'RS256']

export const certTest = defineCommand({
  summary: 'Sign with the private key and verify with the certificate; nothing leaves the machine',
  details:
    'Without FILE it is the configured key pair. Says whether passphrase, key and certificate fit together; whether Entra\n' +
    'knows the certificate is what x5t token finds out.',
  examples: ['x5t cert test', 'x5t cert test billing.pfx', 'x5t cert test billing.crt billing.key'],
  options: { profile: settingsOptions.profile, output: textOrJson, ...keyTextOptions, ...passphraseOptions },
  positionals: keyPairPositionals,
  check: checkPassphrase,
  async run({ file, key, output, ...values }, context) {
    const { certificate, signer } = await openKeyPair({ file, key }, values, context)
    const { testCredential } = await import('x5t')
    for (const algorithm of algorithms) await testCredential({ certificate, signer }, algorithm)
    const { subject, keyBits, thumbprintSha256, thumbprintSha1Hex } = certificate
    if (output === 'json') {
      const facts = { subject, keyBits, thumbprintSha256, thumbprintSha1Hex, algorithms }
      context.terminal.out(JSON.stringify({ schemaVersion: 1, ...facts }))
      return 0
    }
    context.terminal.out(
      [
        ...algorithms.map((algorithm) => `ok  ${algorithm}  signed and verified`),
        `${plain(subject)}, RSA ${keyBits}, thumbprint ${thumbprintSha1Hex}`,
      ].join('\n'),
    )
    return 0
  },
})
