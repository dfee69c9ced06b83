import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  verify,
  X509Certificate,
} from 'node:crypto'
import type { Certificate } from '../certificate/certificate.ts'
import type { Signer } from '../signer/signer.ts'

/** Encrypts values so that only a holder of the certificate's private key can read or make them. */
export interface Seal {
  /** What a store may know a key as: another name for each certificate, from which the key cannot be told. */
  nameOf(key: string): string
  seal(key: string, value: Uint8Array): Uint8Array
  /** @returns `undefined` for what this key did not seal under this name: changed, cut short, or somebody else's. */
  open(key: string, sealed: Uint8Array): Uint8Array | undefined
}

/** No JWS signing input looks like this, so that no assertion gives the signature away, and no seal is an assertion. */
const context = 'x5t: the key that seals shared tokens, version 1\n'
const version = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * The sealing key is made from an RS256 signature over a fixed text: RSASSA-PKCS1-v1_5 gives the same signature each
 * time, and only who can sign with the private key has it, wherever that key is kept. Verified, so that it is one.
 *
 * @returns `undefined` where the signer cannot do RS256: PSS signatures differ each time.
 * @throws Whatever the signer throws.
 * @see RFC 8017 section 8.2.1, RFC 5869
 */
export async function createSeal(credential: {
  readonly certificate: Certificate
  readonly signer: Signer
}): Promise<Seal | undefined> {
  const { certificate, signer } = credential
  if (signer.algorithms?.includes('RS256') === false) return undefined
  const text = Buffer.from(context + certificate.thumbprintSha256)
  const signature = await signer.sign('RS256', text)
  if (!verify('sha256', text, new X509Certificate(certificate.der).publicKey, signature)) return undefined
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', signature, certificate.thumbprintSha256, use, 32))
  return sealWith(derive('seal'), derive('name'))
}

function sealWith(sealKey: Uint8Array, nameKey: Uint8Array): Seal {
  return {
    nameOf: (key) => createHmac('sha256', nameKey).update(key).digest('hex'),
    seal(key, value) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      cipher.setAAD(Buffer.from(key))
      const sealed = [cipher.update(value), cipher.final()]
      return Buffer.concat([Buffer.of(version), nonce, ...sealed, cipher.getAuthTag()])
    },
    open(key, sealed) {
      if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) return undefined
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', sealKey, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(key))
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
