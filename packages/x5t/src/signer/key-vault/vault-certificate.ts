import type { Certificate } from '../../certificate/certificate.ts'
import { describeCertificate, parseCertificate } from '../../certificate/describe-certificate.ts'
import { invalidAnswer, type Vault } from './vault.ts'

/** One version of a certificate in a vault, and the key that belongs to it. */
export interface VaultCertificate {
  readonly certificate: Certificate
  /** `https://contoso.vault.azure.net/keys/app/<version>` */
  readonly keyId: URL
}

/**
 * @param id - `https://contoso.vault.azure.net/certificates/app`, or of one version.
 * @throws CertificateError for a certificate that Entra does not accept; TransportError for an answer that is none.
 */
export async function getVaultCertificate(vault: Vault, id: URL): Promise<VaultCertificate> {
  const { cer, kid } = await vault('GET', id.pathname)
  if (typeof cer !== 'string' || typeof kid !== 'string') throw invalidAnswer(id.host, 'no certificate')
  const keyId = URL.canParse(kid) ? new URL(kid) : undefined
  // The token for this vault goes to this vault only, whatever the answer says.
  if (keyId?.origin !== id.origin || !/^\/keys\/[^/]+\/[^/]+$/.test(keyId.pathname)) {
    throw invalidAnswer(id.host, 'a key that is not in it')
  }
  const name = `certificate ${id.pathname} of ${id.host}`
  const x509 = parseCertificate(Buffer.from(cer, 'base64'), name)
  return { certificate: describeCertificate(x509, [], name), keyId }
}
