import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { extensions, type Purpose } from './extensions.ts'

/** What a certificate is to say. */
export interface CertificateRequest {
  readonly commonName: string
  readonly publicKey: KeyObject
  /** Who signs: itself, or an authority. */
  readonly issuer: { readonly commonName: string; readonly privateKey: KeyObject }
  /** Epoch milliseconds. */
  readonly notBefore: number
  /** Epoch milliseconds. */
  readonly notAfter: number
  /** Default: none in particular. */
  readonly purpose?: Purpose
}

/** SHA-256 with RSA (RFC 8017) or ECDSA (RFC 5758), by the type of the signing key. */
const signatureOids = new Map([
  ['rsa', '1.2.840.113549.1.1.11'],
  ['ec', '1.2.840.10045.4.3.2'],
])
const commonNameOid = '2.5.4.3'

/**
 * A certificate, RFC 5280 version 3, as DER. The library writes the structure, node:crypto signs it. The library is
 * loaded only when a certificate is made: it takes longer to load than all else in the emulator.
 */
export async function issueCertificate(request: CertificateRequest): Promise<Buffer> {
  const [pkijs, asn1js] = await Promise.all([import('pkijs'), import('asn1js')])
  const { publicKey, issuer } = request
  const keyType = issuer.privateKey.asymmetricKeyType ?? ''
  const name = (commonName: string) => {
    const value = new asn1js.Utf8String({ value: commonName })
    const attribute = new pkijs.AttributeTypeAndValue({ type: commonNameOid, value })
    return new pkijs.RelativeDistinguishedNames({ typesAndValues: [attribute] })
  }
  /** RFC 5280 section 4.1.2.5: two digits for the year up to 2049, four from then on. */
  const time = (at: number) =>
    new pkijs.Time({ type: new Date(at).getUTCFullYear() < 2050 ? 0 : 1, value: new Date(at) })
  const keys = { subject: publicKey, issuer: createPublicKey(issuer.privateKey) }
  const algorithm = new pkijs.AlgorithmIdentifier({
    algorithmId: signatureOids.get(keyType) ?? '',
    ...(keyType === 'rsa' ? { algorithmParams: new asn1js.Null() } : {}),
  })

  const certificate = new pkijs.Certificate({
    version: 2, // counted from 0
    serialNumber: new asn1js.Integer({ valueHex: serialNumber() }),
    signature: algorithm,
    signatureAlgorithm: algorithm,
    issuer: name(issuer.commonName),
    subject: name(request.commonName),
    notBefore: time(request.notBefore),
    notAfter: time(request.notAfter),
    extensions: extensions(request.purpose ?? {}, keys, pkijs, asn1js),
  })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(spki)
  certificate.tbsView = new Uint8Array(certificate.encodeTBS().toBER())
  const signature = await promisify(sign)('sha256', certificate.tbsView, issuer.privateKey)
  certificate.signatureValue = new asn1js.BitString({ valueHex: new Uint8Array(signature).buffer })
  return Buffer.from(certificate.toSchema(false).toBER())
}

/** 16 bytes, positive and of the same length each time. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.buffer
}
