import { damaged } from './input-error.ts'

/** One `-----BEGIN label-----` block (RFC 7468; RFC 1421 where the key is encrypted the traditional way). */
export interface PemBlock {
  readonly label: string
  readonly der: Buffer
  /** `DEK-Info` of a traditionally encrypted key, `AES-256-CBC,<iv>`; its `der` is ciphertext. */
  readonly encryption: string | undefined
}

/**
 * All blocks of a text, in order. Whatever stands between them (Bag Attributes, `openssl x509 -text`) is skipped.
 * Line ends may be of any kind, spaces, or none: that is what is left of a PEM in many an environment variable.
 *
 * @throws CertificateError `ERR_INPUT_DAMAGED` for a block that does not end, or is not base64.
 */
export function parsePem(text: string, name: string): PemBlock[] {
  const blocks: PemBlock[] = []
  const begin = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const label = match[1] ?? ''
    const end = text.indexOf('-----', begin.lastIndex)
    if (end === -1 || !text.startsWith(`-----END ${label}-----`, end)) {
      throw damaged(`${name} has a ${label} block without its END line`)
    }
    blocks.push(parseBlock(label, text.slice(begin.lastIndex, end), name))
    begin.lastIndex = end
  }
  return blocks
}

/** PEM as OpenSSL writes it: lines of 64 characters, one newline at the end. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

const traditionalHeaders = /^\s*Proc-Type:\s*4,\s*ENCRYPTED\s+DEK-Info:\s*([A-Za-z0-9-]+,[0-9A-Fa-f]+)\s/

function parseBlock(label: string, inside: string, name: string): PemBlock {
  const headers = traditionalHeaders.exec(inside)
  const base64 = inside.slice(headers?.[0].length ?? 0).replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw damaged(`${name} has a ${label} block that is not base64`)
  }
  return { label, der: Buffer.from(base64, 'base64'), encryption: headers?.[1] }
}
