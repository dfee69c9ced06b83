import { constants, createHash, createHmac, createSign, privateEncrypt, sign as signRaw } from 'node:crypto'
import { encode, newKey, sign, v2Claims } from '../issuer.ts'
import { all, type Case, header, keys, payload, signature } from './corpus.ts'

const stranger = newKey('key-1')
const { privateKey, publicKey, jwk } = keys.good
const input = `${header}.${payload}`
const bytes = Buffer.from(signature, 'base64url')
const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** The good header and claims under other bytes. */
const under = (changed: Uint8Array) => `${input}.${Buffer.from(changed).toString('base64url')}`
const hashed = (hash: string, ...parts: readonly (string | Buffer)[]) => {
  const signer = createSign(hash)
  for (const part of parts) signer.update(part)
  return under(signer.sign(privateKey))
}
const pss = (saltLength: number) => {
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  return under(signRaw('sha256', Buffer.from(input), key))
}
const flipped = (at: number, mask: number) => {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ mask
  return under(changed)
}

/** RFC 8017 section 9.2, note 1: what stands before a SHA-256 digest. */
const digestInfo = '3031300d060960864801650304020105000420'
/** What the key makes of `info` and the right digest, padded as a signature is. */
const padded = (info: string, digest = sha256(input), after = '') => {
  const content = Buffer.concat([Buffer.from(info, 'hex'), digest, Buffer.from(after, 'hex')])
  return under(privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, content))
}
/** The same with padding of the signer's own make. */
const paddedBy = (block: string) => {
  const content = Buffer.from(block + digestInfo + sha256(input).toString('hex'), 'hex')
  const whole = Buffer.concat([content, Buffer.alloc(256 - content.length)])
  return under(privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, whole))
}
const padding = (length: number) => `0001${'ff'.repeat(length)}00`

const number = (from: Buffer) => BigInt(`0x${from.toString('hex')}`)
const modulus = number(Buffer.from(jwk.n ?? '', 'base64url'))
const underNumber = (value: bigint) =>
  under(Buffer.from(value.toString(16).padStart(514, '0'), 'hex').subarray(1))

/** Tokens that say RS256 and name a good key, which did not sign them so. */
export const forgedSignature: readonly Case[] = all('ERR_TOKEN_SIGNATURE', 401, {
  'no signature': `${input}.`,
  'PSS under the name of RS256': pss(32),
  'PSS with an empty salt under the name of RS256': pss(0),
  'SHA-1 under the name of RS256': hashed('sha1', input),
  'SHA-384 under the name of RS256': hashed('sha384', input),
  'SHA-512 under the name of RS256': hashed('sha512', input),
  'MD5 under the name of RS256': hashed('md5', input),
  'an HMAC under the name of RS256': under(
    createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(input)
      .digest(),
  ),
  'another key of the same name': sign(stranger, v2Claims()),
  'jwk with the key that signed': sign(stranger, v2Claims(), { jwk: stranger.jwk }),
  jku: sign(stranger, v2Claims(), { jku: 'https://evil.example/keys' }),
  x5u: sign(stranger, v2Claims(), { x5u: 'https://evil.example/cert' }),
  x5c: sign(stranger, v2Claims(), { x5c: ['MIIB'] }),
  'the signature of another token': `${input}.${sign(keys.good, v2Claims({ more: 1 })).split('.')[2]}`,
  'other claims': `${header}.${encode(v2Claims({ roles: ['Cars.Write'] }))}.${signature}`,
  'another header': `${encode({ alg: 'RS256', kid: 'key-1' })}.${payload}.${signature}`,
  'a signature of the decoded parts': hashed(
    'sha256',
    Buffer.from(header, 'base64url'),
    Buffer.from(payload, 'base64url'),
  ),
  'a signature of the claims alone': hashed('sha256', payload),
  'a signature of header and claims without the dot': hashed('sha256', header + payload),
  'a signature cut short': under(bytes.subarray(0, 255)),
  'half a signature': under(bytes.subarray(0, 128)),
  'a byte after the signature': under(Buffer.concat([bytes, Buffer.alloc(1)])),
  'a zero byte before the signature': under(Buffer.concat([Buffer.alloc(1), bytes])),
  'the signature twice': under(Buffer.concat([bytes, bytes])),
  'the signature back to front': under(Buffer.from(bytes).reverse()),
  'the first bit of its signature flipped': flipped(0, 0x80),
  'the last bit of its signature flipped': flipped(255, 1),
  'a signature of zeros': under(Buffer.alloc(256)),
  'a signature of ones': under(Buffer.alloc(256, 0xff)),
  'the signature 1': underNumber(1n),
  'the modulus as signature': underNumber(modulus),
  'the modulus less one as signature': underNumber(modulus - 1n),
  'the modulus added to the signature': underNumber(number(bytes) + modulus),
  'the digest without its algorithm': padded(''),
  'the digest with the algorithm of another': padded('3031300d060960864801650304020305000420'),
  'the digest with an algorithm without NULL': padded('302f300b0609608648016503040201' + '0420'),
  'the digest with a length in long form': padded('308131300d060960864801650304020105000420'),
  'the digest and bytes after it': padded(digestInfo, sha256(input), '00'.repeat(8)),
  'the digest cut short': padded(digestInfo, sha256(input).subarray(0, 31)),
  'padding of eight bytes and zeros at the end': paddedBy(padding(8)),
  'padding of type 2': paddedBy(padding(202).replace('0001', '0002')),
  'padding of type 0': paddedBy(padding(202).replace(/0001(ff)+/, `0000${'00'.repeat(202)}`)),
  'padding that is not all ones': paddedBy(padding(202).replace('0001ff', '0001fe')),
})
