import { createHmac, generateKeyPairSync, sign as signRaw } from 'node:crypto'
import { encode, newKey, sign, signParts, v2Claims } from './issuer.ts'
import { type Case, claimsText, good, keys, testRefusals } from './refusals.ts'

const stranger = newKey('key-1')
const [header = '', payload = '', signature = ''] = good.split('.')
const { n } = keys.good.jwk
const named = (alg: unknown) => `${encode({ alg, kid: 'key-1' })}.${payload}`
const hmac = (input: string, secret: string | Buffer) =>
  `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
const spki = keys.good.publicKey.export({ type: 'spki', format: 'pem' })
const pss = (input: string) => {
  const options = { key: keys.good.privateKey, padding: 6, saltLength: 32 }
  return `${input}.${signRaw('sha256', Buffer.from(input), options).toString('base64url')}`
}
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

const algorithm: readonly Case[] = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    ' none',
    '',
    null,
    undefined,
    0,
    ['RS256'],
    'rs256',
    'RS256 ',
    'RS384',
  ].map(
    (alg): Case => [`alg ${JSON.stringify(alg)}, no signature`, `${named(alg)}.`, 'ERR_TOKEN_ALGORITHM', 401],
  ),
  ['alg none, the signature kept', `${named('none')}.${signature}`, 'ERR_TOKEN_ALGORITHM', 401],
  ['HS256 with the public key as PEM', hmac(named('HS256'), spki), 'ERR_TOKEN_ALGORITHM', 401],
  [
    'HS256 with the modulus',
    hmac(named('HS256'), Buffer.from(n ?? '', 'base64url')),
    'ERR_TOKEN_ALGORITHM',
    401,
  ],
  ['PS256 by the right key', pss(named('PS256')), 'ERR_TOKEN_ALGORITHM', 401],
  ['PSS under the name of RS256', pss(`${header}.${payload}`), 'ERR_TOKEN_SIGNATURE', 401],
  [
    'ES256 under the name of RS256',
    `${header}.${payload}.${signRaw('sha256', Buffer.from(`${header}.${payload}`), ec).toString('base64url')}`,
    'ERR_TOKEN_SIGNATURE',
    401,
  ],
]

const headers: readonly Case[] = [
  ['an unknown crit', sign(keys.good, v2Claims(), { crit: ['exp'], exp: 1 }), 'ERR_TOKEN_MALFORMED', 401],
  ['an empty crit', sign(keys.good, v2Claims(), { crit: [] }), 'ERR_TOKEN_MALFORMED', 401],
  ['b64 false', sign(keys.good, v2Claims(), { b64: false }), 'ERR_TOKEN_MALFORMED', 401],
  [
    'b64 false and crit',
    sign(keys.good, v2Claims(), { b64: false, crit: ['b64'] }),
    'ERR_TOKEN_MALFORMED',
    401,
  ],
  ['the type of a proof', sign(keys.good, v2Claims(), { typ: 'dpop+jwt' }), 'ERR_TOKEN_MALFORMED', 401],
  ['a type that is no text', sign(keys.good, v2Claims(), { typ: ['JWT'] }), 'ERR_TOKEN_MALFORMED', 401],
  ['jwk', sign(stranger, v2Claims(), { jwk: stranger.jwk }), 'ERR_TOKEN_SIGNATURE', 401],
  [
    'jwk and no kid',
    sign(stranger, v2Claims(), { jwk: stranger.jwk, kid: undefined }),
    'ERR_TOKEN_MALFORMED',
    401,
  ],
  ['jku', sign(stranger, v2Claims(), { jku: 'https://evil.example/keys' }), 'ERR_TOKEN_SIGNATURE', 401],
  ['x5u', sign(stranger, v2Claims(), { x5u: 'https://evil.example/cert' }), 'ERR_TOKEN_SIGNATURE', 401],
  ['x5c', sign(stranger, v2Claims(), { x5c: ['MIIB'] }), 'ERR_TOKEN_SIGNATURE', 401],
  ...['../../dev/null', "' or 1=1 --", '__proto__', 'constructor', 'KEY-1', 'key-1 ', 'key-1\0'].map(
    (kid): Case => [
      `kid ${JSON.stringify(kid)}`,
      sign(keys.good, v2Claims(), { kid }),
      'ERR_TOKEN_KEY_UNKNOWN',
      401,
    ],
  ),
  ...[undefined, '', null, 1, ['key-1'], { toString: 'key-1' }].map(
    (kid): Case => [
      `kid ${JSON.stringify(kid)}`,
      sign(keys.good, v2Claims(), { kid }),
      'ERR_TOKEN_MALFORMED',
      401,
    ],
  ),
  ['a key for encryption', sign(keys.encryption, v2Claims()), 'ERR_TOKEN_KEY_UNKNOWN', 401],
  ['a key for PS256', sign(keys.pss, v2Claims()), 'ERR_TOKEN_KEY_UNKNOWN', 401],
  ['the key of another issuer', sign(keys.foreign, v2Claims()), 'ERR_TOKEN_ISSUER', 401],
]

const form: readonly Case[] = [
  ['a line feed at the end', `${good}\n`, 'ERR_TOKEN_MALFORMED', 401],
  ['padding', `${good}=`, 'ERR_TOKEN_MALFORMED', 401],
  ['whitespace in the signature', `${good.slice(0, -9)} ${good.slice(-9)}`, 'ERR_TOKEN_MALFORMED', 401],
  ['spare bits set', `${good.slice(0, -1)}${nextInAlphabet(good.at(-1) ?? '')}`, 'ERR_TOKEN_MALFORMED', 401],
  ['a signature cut short', good.slice(0, -2), 'ERR_TOKEN_SIGNATURE', 401],
  ['no signature', `${header}.${payload}.`, 'ERR_TOKEN_SIGNATURE', 401],
  [
    'a zero byte before the signature',
    `${header}.${payload}.${encodeZero(signature)}`,
    'ERR_TOKEN_SIGNATURE',
    401,
  ],
  ['two parts', `${header}.${payload}`, 'ERR_TOKEN_MALFORMED', 401],
  ['five parts', `${good}.AAAA.AAAA`, 'ERR_TOKEN_MALFORMED', 401],
  ['a token as payload', sign(keys.good, good, { cty: 'JWT' }), 'ERR_TOKEN_MALFORMED', 401],
  ['a huge claim', sign(keys.good, v2Claims({ x: 'x'.repeat(20_000) })), 'ERR_TOKEN_MALFORMED', 401],
  ['deep nesting', sign(keys.good, `{"a":${'['.repeat(99)}${']'.repeat(99)}}`), 'ERR_TOKEN_MALFORMED', 401],
  ['aud twice', sign(keys.good, claimsText(`"aud":"x",`)), 'ERR_TOKEN_MALFORMED', 401],
  [
    'alg twice',
    signParts(keys.good, encode(`{"alg":"none","alg":"RS256","kid":"key-1"}`), payload),
    'ERR_TOKEN_MALFORMED',
    401,
  ],
  [
    'another payload',
    `${header}.${encode(v2Claims({ roles: ['Admin'] }))}.${signature}`,
    'ERR_TOKEN_SIGNATURE',
    401,
  ],
  ['another key of the same name', sign(stranger, v2Claims()), 'ERR_TOKEN_SIGNATURE', 401],
]

testRefusals([...algorithm, ...headers, ...form])

/** The last character of a 256-byte signature has four spare bits. */
function nextInAlphabet(char: string): string {
  return String.fromCharCode(char.charCodeAt(0) + 1)
}

function encodeZero(text: string): string {
  return Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]).toString('base64url')
}
