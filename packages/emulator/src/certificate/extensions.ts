import { createHash, type KeyObject } from 'node:crypto'
import type { Extension, GeneralName } from 'pkijs'

/** What a certificate may be used for. */
export interface Purpose {
  /** Hosts it serves over TLS: DNS names, IPv4 addresses and `::1`. */
  readonly servesHosts?: readonly string[]
  /** An authority, and the only hosts it can vouch for. */
  readonly vouchesForHosts?: readonly string[]
}

type Pkijs = typeof import('pkijs')
type Asn1js = typeof import('asn1js')

/** Extensions of RFC 5280 section 4.2.1. */
const oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
}
const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const digitalSignature = 0x80
const certificateSigning = 0x04

/** The extensions for a purpose; none that a strict verifier misses (OpenSSL with `-x509_strict`, Python 3.13). */
export function extensions(
  purpose: Purpose,
  keys: { readonly subject: KeyObject; readonly issuer: KeyObject },
  pkijs: Pkijs,
  asn1js: Asn1js,
): Extension[] {
  const { servesHosts = [], vouchesForHosts = [] } = purpose
  const extension = (extnID: string, value: { toBER(): ArrayBuffer }, critical = false): Extension =>
    new pkijs.Extension({ extnID, critical, extnValue: value.toBER() })
  const octets = (bytes: Iterable<number>) =>
    new asn1js.OctetString({ valueHex: Uint8Array.from(bytes).buffer })
  const usage = (bits: number) =>
    new asn1js.BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits: Math.log2(bits) })
  /** GeneralName: 2 is a DNS name, 7 an address, which in a constraint has a mask behind it. */
  const generalName = (host: string, masked: boolean): GeneralName => {
    const bytes = addressBytes(host)
    if (bytes === undefined) return new pkijs.GeneralName({ type: 2, value: host })
    const mask = masked ? bytes.map(() => 0xff) : []
    return new pkijs.GeneralName({ type: 7, value: octets([...bytes, ...mask]) })
  }
  const subtree = (host: string) => new pkijs.GeneralSubtree({ base: generalName(host, true) })

  const keyIdentifier = octets(keyHash(keys.issuer))
  const found = [
    extension(oid.subjectKeyIdentifier, octets(keyHash(keys.subject))),
    extension(oid.authorityKeyIdentifier, new pkijs.AuthorityKeyIdentifier({ keyIdentifier }).toSchema()),
  ]
  if (vouchesForHosts.length > 0) {
    const constraints = new pkijs.NameConstraints({ permittedSubtrees: vouchesForHosts.map(subtree) })
    found.push(
      extension(oid.basicConstraints, new pkijs.BasicConstraints({ cA: true }).toSchema(), true),
      extension(oid.keyUsage, usage(certificateSigning), true),
      extension(oid.nameConstraints, constraints.toSchema(), true),
    )
  }
  if (servesHosts.length > 0) {
    const names = servesHosts.map((host) => generalName(host, false))
    found.push(
      extension(oid.keyUsage, usage(digitalSignature), true),
      extension(
        oid.extendedKeyUsage,
        new pkijs.ExtKeyUsage({ keyPurposes: [serverAuthentication] }).toSchema(),
      ),
      extension(oid.subjectAltName, new pkijs.GeneralNames({ names }).toSchema()),
    )
  }
  return found
}

/** RFC 5280 section 4.2.1.2 leaves the method open; any hash of the key will do. */
const keyHash = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()

/** Undefined for a DNS name. Of what the emulator is called by; Node's `isIP` takes 8 ms to compile all of IPv6. */
export function addressBytes(host: string): readonly number[] | undefined {
  if (/^\d+(\.\d+){3}$/.test(host)) return host.split('.').map(Number)
  return host === '::1' ? [...Array(15).fill(0), 1] : undefined
}
