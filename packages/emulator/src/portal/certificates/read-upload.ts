import { createPrivateKey, type X509Certificate } from 'node:crypto'
import { parseCertificate } from '../../directory/registered-certificate.ts'

/** What a file turned out to hold. */
export interface Upload {
  readonly certificates: readonly X509Certificate[]
  /** Found and left where it was: it is neither kept nor shown. */
  readonly hasPrivateKey: boolean
  /** Why there is no certificate, where there is none. */
  readonly problem: string | undefined
}

const privateKeyMark = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/
const certificatePem =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** DER of the object identifiers that begin PKCS#12 and PKCS#7 contents (RFC 7292, RFC 2315). */
const pkcs7Data = Buffer.from('06092a864886f70d010701', 'hex')
const pkcs7Signed = Buffer.from('06092a864886f70d010702', 'hex')

/** A certificate file as the portal takes it: PEM with anything around, or DER. */
export function readUpload(bytes: Buffer): Upload {
  if (bytes.length === 0) return nothing('The file is empty.')
  const text = textOf(bytes)
  const hasPrivateKey = privateKeyMark.test(text) || isDerPrivateKey(bytes)
  const fromPem = [...text.matchAll(certificatePem)].map(([pem]) => parseCertificate(pem))
  const found =
    fromPem.length > 0 ? fromPem : [parseCertificate(bytes), parseCertificate(Buffer.from(text, 'base64'))]
  const certificates = found.filter((one) => one !== undefined)
  if (certificates.length > 0) return { certificates, hasPrivateKey, problem: undefined }
  return { ...nothing(problemOf(bytes, hasPrivateKey)), hasPrivateKey }
}

const nothing = (problem: string): Upload => ({ certificates: [], hasPrivateKey: false, problem })

/** Windows PowerShell writes UTF-16 with a mark in front. */
const textOf = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('latin1')

function problemOf(bytes: Buffer, hasPrivateKey: boolean): string {
  const start = bytes.subarray(0, 64)
  if (hasPrivateKey) return 'There is no certificate in it.'
  // First, for a bundle has the other identifier further in.
  if (start.includes(pkcs7Signed))
    return 'This looks like a .p7b bundle. Take the certificate out of it: openssl pkcs7 -inform der -in app.p7b -print_certs -out app.pem'
  if (start.includes(pkcs7Data))
    return 'This looks like a .pfx file, which holds a private key. Export the certificate alone: openssl pkcs12 -in app.pfx -nokeys -clcerts -out app.pem'
  return 'There is no certificate in it that can be read. It takes X.509, PEM or DER, with an RSA or elliptic-curve key.'
}

function isDerPrivateKey(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      return createPrivateKey({ key: bytes, format: 'der', type }).type === 'private'
    } catch {
      return false // of another kind, or none
    }
  })
}
