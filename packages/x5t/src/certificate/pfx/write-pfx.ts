import { createHmac, type KeyObject, randomBytes } from 'node:crypto'
import { Null, OctetString } from 'asn1js'
import * as pkijs from 'pkijs'
import type { Certificate } from '../certificate.ts'
import { encrypt, encryptPrivateKey } from '../encryption/encrypt.ts'
import { derivePkcs12Key, purpose } from '../encryption/pkcs12-key.ts'
import { createUnlock } from '../encryption/unlock.ts'

/**
 * Rounds of each of the three derivations. Fewer than for a PEM: that of the MAC is no PBKDF2 and takes its time on
 * this thread, in slices.
 */
const rounds = 100_000

/** One safe with the certificates, encrypted; one with the key, which is encrypted by itself. RFC 7292. */
export async function writePfx(
  { der, chain, thumbprintSha1Hex }: Certificate,
  privateKey: KeyObject,
  passphrase: string,
): Promise<Buffer> {
  const id = octets(Buffer.from(thumbprintSha1Hex, 'hex'))
  const certificates = [bagOf(certificateOf(der), id), ...chain.map((issuer) => bagOf(certificateOf(issuer)))]
  const key = bagOf(await encryptPrivateKey(privateKey, passphrase, rounds), id)
  const safeContents = [
    await encryptedData(encoded(new pkijs.SafeContents({ safeBags: certificates })), passphrase),
    data(encoded(new pkijs.SafeContents({ safeBags: [key] }))),
  ]
  const content = encoded(new pkijs.AuthenticatedSafe({ safeContents }))
  return encoded(new pkijs.PFX({ authSafe: data(content), macData: await macOf(content, passphrase) }))
}

function certificateOf(der: Uint8Array): pkijs.CertBag {
  return new pkijs.CertBag({ certId: pkijs.id_CertBag_X509Certificate, certValue: octets(der) })
}

/** @param id - The local key id, by which Windows finds the certificate of a key. */
function bagOf(bagValue: pkijs.CertBag | pkijs.PKCS8ShroudedKeyBag, id?: OctetString): pkijs.SafeBag {
  const type = bagValue instanceof pkijs.CertBag ? 3 : 2
  const attributes = id === undefined ? [] : [new pkijs.Attribute({ type: localKeyIdType, values: [id] })]
  return new pkijs.SafeBag({
    bagId: `1.2.840.113549.1.12.10.1.${type}`,
    bagValue,
    ...(attributes.length > 0 ? { bagAttributes: attributes } : {}),
  })
}

const localKeyIdType = '1.2.840.113549.1.9.21'

function data(content: Uint8Array): pkijs.ContentInfo {
  return new pkijs.ContentInfo({ contentType: pkijs.id_ContentType_Data, content: octets(content) })
}

async function encryptedData(content: Uint8Array, passphrase: string): Promise<pkijs.ContentInfo> {
  const { algorithm, ciphertext } = await encrypt(content, passphrase, rounds)
  const encryptedContentInfo = new pkijs.EncryptedContentInfo({
    contentType: pkijs.id_ContentType_Data,
    contentEncryptionAlgorithm: algorithm,
    encryptedContent: ciphertext,
    disableSplit: true,
  })
  return new pkijs.ContentInfo({
    contentType: pkijs.id_ContentType_EncryptedData,
    content: new pkijs.EncryptedData({ encryptedContentInfo }).toSchema(),
  })
}

async function macOf(content: Buffer, passphrase: string): Promise<pkijs.MacData> {
  const salt = randomBytes(16)
  const derivation = { hash: 'sha256', purpose: purpose.mac, salt, rounds, bytes: 32 }
  const key = await derivePkcs12Key(derivation, createUnlock('the PFX', passphrase))
  const digestAlgorithm = new pkijs.AlgorithmIdentifier({
    algorithmId: '2.16.840.1.101.3.4.2.1',
    algorithmParams: new Null(),
  })
  const digest = octets(createHmac('sha256', key).update(content).digest())
  return new pkijs.MacData({
    mac: new pkijs.DigestInfo({ digestAlgorithm, digest }),
    macSalt: octets(salt),
    iterations: rounds,
  })
}

function octets(bytes: Uint8Array): OctetString {
  return new OctetString({ valueHex: bytes })
}

function encoded(structure: { toSchema(): { toBER(): ArrayBuffer } }): Buffer {
  return Buffer.from(structure.toSchema().toBER())
}
