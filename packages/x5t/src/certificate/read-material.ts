import { CertificateError } from '../errors.ts'
import { parseCertificate } from './describe-certificate.ts'
import type { Material, MaterialOptions } from './material.ts'
import { openKey } from './open-key.ts'
import { type PemBlock, parsePem } from './pem.ts'

/** Finds out by looking what the bytes are, and takes certificates and keys out of them. */
export async function readMaterial(
  content: string | Uint8Array,
  options: MaterialOptions,
): Promise<Material> {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('utf8')
  const blocks = parsePem(text, options.name)
  if (blocks.length === 0) {
    throw new CertificateError('ERR_INPUT_UNKNOWN', `${options.name} holds no certificate and no key`)
  }
  return sortBlocks(blocks, options)
}

function sortBlocks(blocks: readonly PemBlock[], options: MaterialOptions): Material {
  const certificates = blocks.filter(({ label }) => certificateLabels.has(label))
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  return {
    certificates: certificates.map(({ der }) => parseCertificate(der, options.name)),
    keys: keys.map((block) => () => openKey(block, options)),
    others: blocks
      .filter((block) => !certificates.includes(block) && !keys.includes(block))
      .map(({ label }) => label),
  }
}

/** OpenSSL writes the first; the others are its spellings of old and of `x509 -trustout`. */
const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'])
