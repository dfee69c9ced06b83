import { resolve } from 'node:path'
import { defineCommand } from '../command.ts'
import { textOrJson } from '../output-option.ts'

export const certShow = defineCommand({
  summary: 'Show a certificate: thumbprints in every spelling, dates, key size',
  examples: ['x5t cert show public.pem', 'x5t cert show billing.crt --output json'],
  options: {
    output: textOrJson,
  },
  positionals: { file: { description: 'the certificate; a private key in the same file is not opened' } },
  async run({ output, file }, { io, terminal }) {
    const { loadCertificate } = await import('x5t')
    const certificate = await loadCertificate({ path: resolve(io.folder, file) })
    const { subject, notBefore, notAfter, keyBits, thumbprintSha1Hex, thumbprintSha256Hex } = certificate
    const daysLeft = Math.floor((notAfter - io.now()) / 86_400_000)
    const facts = {
      subject,
      notBefore: new Date(notBefore).toISOString(),
      notAfter: new Date(notAfter).toISOString(),
      daysLeft,
      keyBits,
      sha1: spellings(thumbprintSha1Hex),
      sha256: spellings(thumbprintSha256Hex),
    }
    if (output === 'json') {
      terminal.out(JSON.stringify({ schemaVersion: 1, ...facts }))
      return 0
    }
    const left = daysLeft < 0 ? `expired ${-daysLeft} days ago` : `${daysLeft} days left`
    terminal.out(
      [
        `subject     ${subject}`,
        `valid       ${facts.notBefore} to ${facts.notAfter}, ${left}`,
        `key         RSA ${keyBits}`,
        `SHA-1       ${facts.sha1.hex}   as the portal shows it`,
        `            ${facts.sha1.colons}`,
        `            ${facts.sha1.base64url}   x5t`,
        `            ${facts.sha1.base64}`,
        `SHA-256     ${facts.sha256.hex}`,
        `            ${facts.sha256.colons}`,
        `            ${facts.sha256.base64url}   x5t#S256`,
        `            ${facts.sha256.base64}`,
      ].join('\n'),
    )
    return 0
  },
})

function spellings(hex: string) {
  const bytes = Buffer.from(hex, 'hex')
  const colons = hex.match(/../g)?.join(':') ?? ''
  return { hex, colons, base64url: bytes.toString('base64url'), base64: bytes.toString('base64') }
}
