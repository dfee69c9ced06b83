import { parseCertificate } from './describe-certificate.ts'
import { createUnlock, type Unlock } from './encryption/unlock.ts'
import { assertFewParts } from './few-parts.ts'
import { findBlocks } from './find-blocks.ts'
import { labelOf } from './label-of.ts'
import { joinMaterial, type Material } from './material.ts'
import { openKey } from './open-key.ts'
import type { PemBlock } from './pem.ts'

/**
 * Takes certificates and keys out of a file or a text, whatever form it has.
 *
 * @throws CertificateError for what cannot be read, and for a PFX that the passphrase does not open.
 */
export async function readMaterial(
  content: string | Uint8Array,
  options: {
    /** What to call it in errors: a path, or `the given text`. */
    readonly name: string
    readonly passphrase?: string | undefined
  },
): Promise<Material> {
  const unlock = createUnlock(options.name, options.passphrase)
  const blocks = withoutRepeats(findBlocks(content, options.name))
  assertFewParts(blocks.length, options.name)
  return joinMaterial(await Promise.all(blocks.map((block) => sortBlock(block, unlock))))
}

/** Whoever joins files names the same certificate twice. */
function withoutRepeats(blocks: readonly PemBlock[]): PemBlock[] {
  return [...new Map(blocks.map((block) => [block.der.toString('latin1'), block])).values()]
}

/** Ciphertext, and parameters of Diffie-Hellman, which look like a public key. */
const isOpaque = ({ label, encryption }: PemBlock) => encryption !== undefined || label.endsWith('PARAMETERS')

async function sortBlock(block: PemBlock, unlock: Unlock): Promise<Material> {
  const { der, encryption } = block
  const label = (isOpaque(block) ? undefined : labelOf(der)) ?? block.label
  if (label === 'PKCS12') return (await import('./pfx/read-pfx.ts')).readPfx(der, unlock)
  if (/^((X509|TRUSTED) )?CERTIFICATE$/.test(label)) {
    return { certificates: [parseCertificate(der, unlock.name)], keys: [], others: [] }
  }
  if (label.endsWith('PRIVATE KEY')) {
    return { certificates: [], keys: [() => openKey({ label, der, encryption }, unlock)], others: [] }
  }
  return { certificates: [], keys: [], others: [label] }
}
