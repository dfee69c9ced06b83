import { openCertificate } from '../certificate-files.ts'
import { defineCommand } from '../command.ts'
import { keyPairPositionals, openKeyPair } from '../key-pair-files.ts'
import { formsInWords, isKeyForm } from '../key-pair-form.ts'
import { checkPassphrase, findPassphrase, passphraseOptions } from '../passphrase.ts'
import { allForms, checkWrite, writeCertificate, writeKeyPair, writeOptions } from '../write-key-pair.ts'

export const certConvert = defineCommand({
  summary: 'Write a key and its certificate in another form',
  details: `Reads PEM, DER and PFX, old ones too; the certificate of the key is found whatever the order.\n\n${formsInWords}`,
  examples: [
    'x5t cert convert billing.pem --to cer --out billing.cer',
    'x5t cert convert old.pfx --passphrase-file old.txt --to pfx --new-passphrase-file new.txt --out new.pfx',
    'x5t cert convert billing.crt billing.key --to azure-devops --unencrypted-key --insecure --out billing.pem',
  ],
  options: {
    to: { type: 'string', value: 'FORM', choices: allForms, required: true, description: 'see above' },
    ...writeOptions,
    ...passphraseOptions,
  },
  positionals: { ...keyPairPositionals, file: { description: keyPairPositionals.file.description } },
  check: (values) => [...checkWrite(values), ...checkPassphrase(values)],
  async run({ file, key, ...values }, context) {
    if (isKeyForm(values.to)) {
      const pair = await openKeyPair({ file, key }, { ...values, 'key-fd': undefined }, context)
      await writeKeyPair(pair, values.to, values, context)
      return 0
    }
    const files = key === undefined ? [file] : [file, key]
    const certificate = await openCertificate(files, await findPassphrase(values, context), context)
    await writeCertificate(certificate, values.to, values, context)
    return 0
  },
})
