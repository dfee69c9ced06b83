import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'

/** Clocks differ; a certificate that starts now is not yet valid on a server that is behind. */
const backdatedMs = 5 * 60_000
const dayMs = 86_400_000
const sha256WithRsa = '1.2.840.113549.1.1.11'

/**
 * A self-signed certificate for client authentication, DER: RFC 5280 version 3, SHA-256 with RSA, a random serial
 * number of 128 bits, no authority over other certificates.
 */
export async function selfSign(options: {
  commonName: string
  publicKey: KeyObject
  privateKey: KeyObject
  days: number
  /** Epoch milliseconds. */
  now: number
}): Promise<Buffer> {
  const { commonName, publicKey, privateKey, days, now } = options
  const algorithm = new pkijs.AlgorithmIdentifier({
    algorithmId: sha256WithRsa,
    algorithmParams: new asn1js.Null(),
  })
  const name = new pkijs.RelativeDistinguishedNames({
    typesAndValues: [
      new pkijs.AttributeTypeAndValue({
        type: '2.5.4.3',
        value: new asn1js.Utf8String({ value: commonName }),
      }),
    ],
  })
  const keyIdentifier = createHash('sha1')
    .update(publicKey.export({ type: 'pkcs1', format: 'der' }))
    .digest()
  const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) =>
    new pkijs.Extension({ extnID, critical, extnValue: value.toBER() })
  const digitalSignature = new asn1js.BitString({ valueHex: Uint8Array.of(0x80).buffer, unusedBits: 7 })
  const clientAuth = new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.2'] })
  const ownKey = new asn1js.OctetString({ valueHex: keyIdentifier })

  /** RFC 5280 section 4.1.2.5: `UTCTime` through 2049, then `GeneralizedTime`. */
  const time = (at: number) => {
    const value = new Date(at)
    return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value })
  }

  const certificate = new pkijs.Certificate()
  certificate.version = 2
  certificate.serialNumber = new asn1js.Integer({ valueHex: serialNumber() })
  certificate.signature = algorithm
  certificate.signatureAlgorithm = algorithm
  certificate.issuer = name
  certificate.subject = name
  certificate.notBefore = time(now - backdatedMs)
  certificate.notAfter = time(now + days * dayMs)
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  certificate.extensions = [
    extension('2.5.29.19', true, new asn1js.Sequence()), // basicConstraints: not a CA
    extension('2.5.29.15', true, digitalSignature),
    extension('2.5.29.37', false, clientAuth.toSchema()),
    extension('2.5.29.14', false, ownKey),
    extension('2.5.29.35', false, new pkijs.AuthorityKeyIdentifier({ keyIdentifier: ownKey }).toSchema()),
  ]
  const toBeSigned = Buffer.from(certificate.encodeTBS().toBER())
  const signature = await promisify(sign)('sha256', toBeSigned, privateKey)
  certificate.signatureValue = new asn1js.BitString({ valueHex: new Uint8Array(signature).buffer })
  return Buffer.from(certificate.toSchema(true).toBER())
}

/** Positive, and of the same length each time. */
function serialNumber(): ArrayBuffer {
  const serial = new Uint8Array(randomBytes(16))
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial.buffer
}
