import { apiId, clientId, encode, noon, sign, signParts, v1Claims, v2Claims } from '../issuer.ts'
import { all, allClaims, type Case, claimsText, good, header, keys } from './corpus.ts'

const seconds = noon / 1_000
const spaced = JSON.stringify(v2Claims(), undefined, '\t')
const longName = 'x'.repeat(9_000)

export const goodTokens: readonly Case[] = [
  ...all('accepted', 200, {
    'what the others are made from': good,
    'a v1 token': sign(keys.good, v1Claims()),
    'a key for every tenant': sign(keys.next, v2Claims()),
    'a v1 token by a key for every tenant': sign(keys.next, v1Claims()),
    'a key that names this tenant': sign(keys.own, v2Claims()),
    'no typ': sign(keys.good, v2Claims(), { typ: undefined }),
    'typ jwt': sign(keys.good, v2Claims(), { typ: 'jwt' }),
    'typ at+jwt': sign(keys.good, v2Claims(), { typ: 'at+jwt' }),
    'typ application/at+jwt': sign(keys.good, v2Claims(), { typ: 'application/at+jwt' }),
    'x5t in its header': sign(keys.good, v2Claims(), { x5t: 'key-1' }),
    'a header parameter that nobody knows': sign(keys.good, v2Claims(), { 'x-trace': { a: [1] } }),
    'header members in another order': signParts(
      keys.good,
      encode('{"kid":"key-1","alg":"RS256","typ":"JWT"}'),
      encode(v2Claims()),
    ),
    'whitespace in its header': signParts(
      keys.good,
      encode('{ "alg" : "RS256",\r\n\t"kid": "key-1" }\n'),
      encode(v2Claims()),
    ),
    'escapes in its header': signParts(
      keys.good,
      encode('{"\\u0061lg":"RS\\u0032\\u0035\\u0036","kid":"key\\u002d1"}'),
      encode(v2Claims()),
    ),
    'whitespace in its claims': sign(keys.good, spaced),
    'escapes in its claims': sign(keys.good, JSON.stringify(v2Claims()).replaceAll(':/', ':\\/')),
    'a name and a colon within a claim': sign(keys.good, v2Claims({ note: '{"aud":"x"},"aud":' })),
    'a number with an exponent': sign(
      keys.good,
      claimsText().replace(/"exp":\d+/, `"exp":${(seconds + 60) / 1e9}e9`),
    ),
    'the header of another good token': signParts(keys.good, header, encode(v2Claims({ more: 1 }))),
  }),
  ...allClaims('accepted', 200, {
    'a list of audiences with ours in it': { aud: ['other', apiId] },
    'one role of two': { roles: ['Else', 'Cars.Write'] },
    'idtyp app and neither oid nor sub': { idtyp: 'app', oid: undefined, sub: undefined },
    'an end within the tolerance': { exp: seconds - 299 },
    'a start within the tolerance': { nbf: seconds + 300, iat: seconds + 300 },
    'neither nbf nor iat': { nbf: undefined, iat: undefined },
    'an end with a fraction': { exp: seconds + 0.5 },
    'an end in a thousand years': { exp: seconds + 31_536_000_000 },
    'nbf 0': { nbf: 0 },
    'characters beyond ASCII': { app_displayname: 'Škoda 🚗 \u2028' },
    'a claim that is null': { groups: null },
    'a claim named __proto__': JSON.parse('{"__proto__":{"roles":[]}}'),
    'a claim named constructor': { constructor: 'x', toString: 1 },
    'claims on twelve levels': { deep: nested(11) },
    'a long claim': { note: longName },
    'a thousand members': Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`m${at}`, at])),
    'a nonce among its claims': { nonce: 'n' },
    'a bound key': { cnf: { 'x5t#S256': 'k' } },
    'x5t#S256 among its claims': { 'x5t#S256': 'k' },
  }),
  ...allClaims(
    'accepted',
    200,
    {
      'v1 and the app id': { aud: apiId },
      'v1 and the app id as URI': { aud: `api://${apiId}` },
      'v1 and azp besides appid': { azp: clientId },
    },
    v1Claims,
  ),
]

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) }
}
