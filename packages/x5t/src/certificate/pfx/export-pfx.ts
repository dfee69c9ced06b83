import type { KeyObject } from 'node:crypto'
import type { Certificate } from '../certificate.ts'

/**
 * Key, certificate and chain as a PFX (PKCS#12), as OpenSSL 3 and Windows since 2019 write it: AES-256, and a MAC over
 * SHA-256. Who writes it to a file gives the file mode 0600.
 *
 * @param options.passphrase - Encrypts all of it; not empty.
 */
export async function exportPfx(
  pair: { readonly certificate: Certificate; readonly privateKey: KeyObject },
  options: { readonly passphrase: string },
): Promise<Buffer> {
  if (options.passphrase === '') throw new TypeError('passphrase must not be empty')
  const { writePfx } = await import('./write-pfx.ts')
  return writePfx(pair.certificate, pair.privateKey, options.passphrase)
}
