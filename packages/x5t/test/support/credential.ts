import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { Certificate } from '../../src/certificate/certificate.ts'
import { describeCertificate } from '../../src/certificate/describe-certificate.ts'
import { selfSign } from '../../src/certificate/self-sign.ts'
import type { ClientCredential } from '../../src/credential/client-credential.ts'
import { keyObjectSigner } from '../../src/signer/key-object-signer.ts'

/** A credential made for this test file, its private key in memory. */
export async function makeCredential(
  commonName = 'billing',
): Promise<ClientCredential & { certificate: Certificate }> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = await selfSign({ commonName, publicKey, privateKey, days: 365, now: Date.now() })
  const certificate = describeCertificate(new X509Certificate(der), [], commonName)
  return { certificate, signer: keyObjectSigner(privateKey) }
}
