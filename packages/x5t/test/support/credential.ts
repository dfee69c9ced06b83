import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { type LoadedCredential, loadCredential } from '../../src/credential/load-credential.ts'

/** A new RSA key with a self-signed certificate; one for each test file is enough. */
export async function newCredential(): Promise<LoadedCredential> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'x5t test' })
  return loadCredential({ pem: certificatePem + privateKeyPem })
}
