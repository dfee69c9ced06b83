import { openCertificates } from '../certificate-files.ts'
import { defineCommand } from '../command.ts'
import { openCredential } from '../config/open-credential.ts'
import { resolveSettings, settingsOptions } from '../config/resolve-settings.ts'
import { formsInWords, isKeyForm } from '../key-pair-form.ts'
import { keyTextOptions } from '../key-text.ts'
import { checkPassphrase, passphraseOptions } from '../passphrase.ts'
import { allForms, checkWrite, writeCertificate, writeKeyPair, writeOptions } from '../write-key-pair.ts'

export const certExport = defineCommand({
  summary: 'Copy the configured certificate to a file, or its key too',
  details: formsInWords,
  examples: [
    'x5t cert export --out billing.cer',
    'x5t cert export --to pfx --new-passphrase-file passphrase.txt --out billing.pfx',
    'x5t cert export --to crt --out - | openssl x509 -noout -text',
  ],
  options: {
    to: { type: 'string', value: 'FORM', choices: allForms, default: 'cer', description: 'see above' },
    ...writeOptions,
    profile: settingsOptions.profile,
    ...keyTextOptions,
    ...passphraseOptions,
  },
  check: (values) => [...checkWrite(values), ...checkPassphrase(values)],
  async run(values, context) {
    if (isKeyForm(values.to)) {
      const pair = await openCredential(resolveSettings(values, context.io), values, context)
      await writeKeyPair(pair, values.to, values, context)
      return 0
    }
    for (const { certificate } of await openCertificates([], values, context)) {
      await writeCertificate(certificate, values.to, values, context)
    }
    return 0
  },
})
