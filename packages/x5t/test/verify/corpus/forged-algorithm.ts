import { constants, createHmac, createSign, generateKeyPairSync, sign as signRaw } from 'node:crypto'
import { encode } from '../issuer.ts'
import { all, type Case, keys, payload, signature } from './corpus.ts'

const { n = '' } = keys.good.jwk
const pem = keys.good.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const der = keys.good.publicKey.export({ type: 'spki', format: 'der' })

const named = (alg: unknown) => `${encode({ alg, typ: 'JWT', kid: 'key-1' })}.${payload}`
const signed = (alg: string, raw: (input: string) => Buffer) =>
  `${named(alg)}.${raw(named(alg)).toString('base64url')}`

const hmac = (alg: 'HS256' | 'HS384' | 'HS512', secret: string | Buffer) =>
  signed(alg, (input) => createHmac(alg.replace('HS', 'sha'), secret).update(input).digest())
const rsa = (alg: string, hash: string) =>
  signed(alg, (input) => createSign(hash).update(input).sign(keys.good.privateKey))
const pss = (alg: string, hash: string, saltLength: number) => {
  const key = { key: keys.good.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  return signed(alg, (input) => signRaw(hash, Buffer.from(input), key))
}
const elliptic = (dsaEncoding: 'ieee-p1363' | 'der') => {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return signed('ES256', (input) => signRaw('sha256', Buffer.from(input), { key, dsaEncoding }))
}
const edwards = (alg: string) =>
  signed(alg, (input) => signRaw(null, Buffer.from(input), generateKeyPairSync('ed25519').privateKey))

const texts = [
  'none',
  'None',
  'NONE',
  'nOnE',
  ' none',
  'none ',
  'none\0',
  'ｎｏｎｅ',
  '',
  'null',
  'RS256 ',
  ' RS256',
  'rs256',
  'Rs256',
  'RS256\n',
]
const noTexts = [null, undefined, 0, 1, true, false, [], ['RS256'], ['none'], {}, { alg: 'RS256' }]

/** Tokens that say something else than RS256, as is or signed in the way that they say. */
export const forgedAlgorithm: readonly Case[] = all('ERR_TOKEN_ALGORITHM', 401, {
  ...Object.fromEntries(
    [...texts, ...noTexts].map((alg) => [`alg ${JSON.stringify(alg)} and no signature`, `${named(alg)}.`]),
  ),
  'alg none and a signature': `${named('none')}.${signature}`,
  'alg None and a signature': `${named('None')}.${signature}`,
  'alg rs256 and its signature': rsa('rs256', 'sha256'),
  'HS256 with the public key as PEM': hmac('HS256', pem),
  'HS256 with the public key as PEM, trimmed': hmac('HS256', pem.trim()),
  'HS256 with the public key as DER': hmac('HS256', der),
  'HS256 with the public key in base64': hmac('HS256', der.toString('base64')),
  'HS256 with the public key as JWK': hmac('HS256', JSON.stringify(keys.good.jwk)),
  'HS256 with the modulus': hmac('HS256', Buffer.from(n, 'base64url')),
  'HS256 with the modulus as text': hmac('HS256', n),
  'HS256 with an empty secret': hmac('HS256', ''),
  'HS256 with the name of the key': hmac('HS256', 'key-1'),
  'HS384 with the public key as PEM': hmac('HS384', pem),
  'HS512 with the public key as PEM': hmac('HS512', pem),
  'RS384 by the right key': rsa('RS384', 'sha384'),
  'RS512 by the right key': rsa('RS512', 'sha512'),
  'RS1 by the right key': rsa('RS1', 'sha1'),
  'RSA1_5 by the right key': rsa('RSA1_5', 'sha256'),
  'PS256 by the right key': pss('PS256', 'sha256', 32),
  'PS384 by the right key': pss('PS384', 'sha384', 48),
  'PS512 by the right key': pss('PS512', 'sha512', 64),
  'ES256 by a key of its own': elliptic('ieee-p1363'),
  'ES256 by a key of its own, in DER': elliptic('der'),
  'EdDSA by a key of its own': edwards('EdDSA'),
  'Ed25519 by a key of its own': edwards('Ed25519'),
})
