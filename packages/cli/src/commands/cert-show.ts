import { resolve } from 'node:path'
import type { Certificate } from 'x5t'
import { openCertificates } from '../certificate-files.ts'
import { CliError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { settingsOptions } from '../config/resolve-settings.ts'
import { daysLeft, describeDaysLeft } from '../days-left.ts'
import { watchMode } from '../file-mode.ts'
import { textOrJson } from '../output-option.ts'
import { checkPassphrase, passphraseOptions } from '../passphrase.ts'
import { plain } from '../plain.ts'
import { findRegisteredKeys } from '../registered-key.ts'

export const certShow = defineCommand({
  summary: 'Show a certificate: thumbprints in every spelling, dates, key size',
  details:
    'Without FILE it is the configured certificate. An emulator that runs or is configured is asked for the key id; Entra\n' +
    'is not, as that takes a token of an administrator.',
  examples: [
    'x5t cert show billing.crt',
    'x5t cert show billing.pfx --passphrase-file passphrase.txt --output json',
    'x5t cert show --fix-mode billing.pem',
  ],
  options: {
    'fix-mode': {
      type: 'boolean',
      description: 'if the file holds a private key, close it to others (0600)',
    },
    profile: settingsOptions.profile,
    ca: settingsOptions.ca,
    output: textOrJson,
    ...passphraseOptions,
  },
  positionals: {
    file: { description: 'the certificate; a private key in a PEM is not opened', optional: true },
  },
  check: checkPassphrase,
  async run({ 'fix-mode': fixMode, file, output, ...values }, context) {
    const { io, terminal } = context
    const certificates = await openCertificates(file === undefined ? [] : [file], values, context).catch(
      async (error: unknown) => {
        if (!fixMode || file === undefined || String(Object(error).code) !== 'ERR_CERT_MISSING') throw error
        await watchMode({ file, path: resolve(io.folder, file) }, true, context)
        if (output === 'json') throw error
        terminal.note(`${file} holds no certificate to show`)
        return []
      },
    )
    for (const opened of certificates) {
      const { certificate } = opened
      await watchMode(opened, fixMode, context)
      const keys = await findRegisteredKeys(certificate, { url: undefined, ...values }, io).catch(
        (error: unknown) => {
          if (!(error instanceof CliError)) throw error
          if (error.code !== 'ERR_CONFIG_MISSING') terminal.note(`key id not looked up: ${error.message}`)
          return undefined
        },
      )
      const facts = factsOf(certificate, io.now())
      if (output === 'json') {
        terminal.out(JSON.stringify({ schemaVersion: 1, ...facts, registered: keys }))
        continue
      }
      const left = describeDaysLeft(certificate.notAfter, io.now())
      const rows = (keys ?? []).map(({ keyId, appId }) => `${plain(keyId)}   of app ${plain(appId)}`)
      if (keys?.length === 0) rows.push('not registered with the emulator')
      terminal.out([...linesOf(facts, left), ...rows.map((row) => `key id      ${row}`)].join('\n'))
    }
    return 0
  },
})

function factsOf(certificate: Certificate, now: number) {
  const { subject, notBefore, notAfter, keyBits, thumbprintSha1Hex, thumbprintSha256Hex } = certificate
  return {
    subject,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    notAfterEpoch: Math.floor(notAfter / 1_000),
    daysLeft: daysLeft(notAfter, now),
    keyBits,
    sha1: spellings(thumbprintSha1Hex),
    sha256: spellings(thumbprintSha256Hex),
  }
}

function linesOf(
  { subject, notBefore, notAfter, keyBits, ...facts }: ReturnType<typeof factsOf>,
  left: string,
) {
  const { sha1, sha256 } = facts
  return [
    `subject     ${plain(subject)}`,
    `valid       ${notBefore} to ${notAfter}, ${left}`,
    `key         RSA ${keyBits}`,
    `SHA-1       ${sha1.hex}   as the portal shows it`,
    `            ${sha1.colons}`,
    `            ${sha1.base64url}   x5t`,
    `            ${sha1.base64}`,
    `SHA-256     ${sha256.hex}`,
    `            ${sha256.colons}`,
    `            ${sha256.base64url}   x5t#S256`,
    `            ${sha256.base64}`,
  ]
}

function spellings(hex: string) {
  const bytes = Buffer.from(hex, 'hex')
  const colons = hex.match(/../g)?.join(':') ?? ''
  return { hex, colons, base64url: bytes.toString('base64url'), base64: bytes.toString('base64') }
}
