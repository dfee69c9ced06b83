import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface CertificateRequest {
  readonly commonName: string
  /** The subject's private key; its public half is certified. */
  readonly key: KeyObject
  readonly days: number
  /** Epoch milliseconds. */
  readonly now: number
  /** DNS names and IPv4 or IPv6 addresses. */
  readonly names?: readonly string[] | undefined
  /** Default: signed by itself. */
  readonly issuer?: { readonly commonName: string; readonly key: KeyObject } | undefined
  readonly authority?: boolean | undefined
}

/** A certificate for the emulator's own use: its authority, its TLS server, its signing keys. PEM. */
export async function makeCertificate(request: CertificateRequest): Promise<string> {
  const [asn1js, pkijs] = await Promise.all([import('asn1js'), import('pkijs')])
  const { commonName, key, days, now, names = [], issuer = { commonName, key }, authority = false } = request
  const spki = (of: KeyObject) => createPublicKey(of).export({ type: 'spki', format: 'der' })
  const keyId = (of: KeyObject) => createHash('sha1').update(spki(of)).digest()
  const name = (text: string) =>
    new pkijs.RelativeDistinguishedNames({
      typesAndValues: [
        new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1js.Utf8String({ value: text }) }),
      ],
    })
  const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) =>
    new pkijs.Extension({ extnID, critical, extnValue: value.toBER() })
  const usage = new asn1js.BitString({
    valueHex: Uint8Array.of(authority ? 0x06 : 0xa0).buffer,
    unusedBits: authority ? 1 : 5,
  })
  const signatureAlgorithm = new pkijs.AlgorithmIdentifier(
    issuer.key.asymmetricKeyType === 'ec'
      ? { algorithmId: '1.2.840.10045.4.3.2' }
      : { algorithmId: '1.2.840.113549.1.1.11', algorithmParams: new asn1js.Null() },
  )

  /** RFC 5280 section 4.1.2.5: `UTCTime` through 2049, then `GeneralizedTime`. */
  const time = (at: number) => {
    const value = new Date(at)
    return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value })
  }

  const certificate = new pkijs.Certificate()
  certificate.version = 2
  certificate.serialNumber = new asn1js.Integer({ valueHex: Uint8Array.of(0x40, ...randomBytes(15)).buffer })
  certificate.signature = signatureAlgorithm
  certificate.signatureAlgorithm = signatureAlgorithm
  certificate.issuer = name(issuer.commonName)
  certificate.subject = name(commonName)
  certificate.notBefore = time(now - 300_000)
  certificate.notAfter = time(now + days * 86_400_000)
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(spki(key))
  certificate.extensions = [
    extension('2.5.29.19', true, new pkijs.BasicConstraints({ cA: authority }).toSchema()),
    extension('2.5.29.15', true, usage),
    extension('2.5.29.14', false, new asn1js.OctetString({ valueHex: keyId(key) })),
    extension(
      '2.5.29.35',
      false,
      new pkijs.AuthorityKeyIdentifier({
        keyIdentifier: new asn1js.OctetString({ valueHex: keyId(issuer.key) }),
      }).toSchema(),
    ),
  ]
  if (names.length > 0) {
    const alternative = names.map((text) => {
      const address = addressBytes(text)
      return address === undefined
        ? new pkijs.GeneralName({ type: 2, value: text })
        : new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: address }) })
    })
    certificate.extensions.push(
      extension('2.5.29.17', false, new pkijs.GeneralNames({ names: alternative }).toSchema()),
      extension('2.5.29.37', false, new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] }).toSchema()),
    )
  }

  const toBeSigned = certificate.encodeTBS()
  certificate.signatureValue = new asn1js.BitString({
    valueHex: new Uint8Array(sign('sha256', Buffer.from(toBeSigned.toBER()), issuer.key)).buffer,
  })
  const lines =
    Buffer.from(certificate.toSchema(true).toBER())
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function addressBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text === '::1') return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
  return /^\d+(\.\d+){3}$/.test(text) ? Uint8Array.from(text.split('.').map(Number)) : undefined
}
