import { plain } from './plain.ts'

/** What the members of tokens, assertions and proofs say. Entra: access-token-claims-reference. */
export const meanings: Readonly<Record<string, string>> = {
  alg: 'signature algorithm',
  kid: 'id of the key that signed',
  typ: 'kind of token',
  x5t: 'SHA-1 thumbprint of the certificate, base64url',
  'x5t#S256': 'SHA-256 thumbprint of the certificate, base64url',
  x5c: 'certificate chain',
  aud: 'for whom it is',
  iss: 'who issued it',
  sub: 'whom it is about',
  iat: 'issued at',
  nbf: 'not valid before',
  exp: 'expires',
  jti: 'unique id',
  appid: 'client id',
  azp: 'client id',
  appidacr: 'how the client proved itself: 1 secret, 2 certificate',
  azpacr: 'how the client proved itself: 1 secret, 2 certificate',
  idtyp: 'kind of caller: app or user',
  oid: 'object id of the service principal',
  roles: 'app roles granted to the client',
  scp: 'delegated permissions: a user token',
  tid: 'tenant',
  uti: 'id of this token',
  ver: 'version of the token',
  idp: 'who authenticated the client',
  app_displayname: 'name of the client',
}

const times = new Set(['iat', 'nbf', 'exp'])

/** Members as rows: name, value, meaning; times in UTC and from `now` (epoch milliseconds). */
export function describeMembers(members: Readonly<Record<string, unknown>>, now: number): string[] {
  const names = Object.keys(members)
  const width = Math.max(0, ...names.map((name) => name.length))
  return names.map((name) => {
    const value = members[name]
    const shown = plain(typeof value === 'string' ? value : JSON.stringify(value))
    const note = times.has(name) && typeof value === 'number' ? instant(value, now) : meanings[name]
    return `  ${plain(name).padEnd(width)}  ${shown}${note === undefined ? '' : `   (${note})`}`
  })
}

function instant(seconds: number, now: number): string {
  if (Math.abs(seconds) > 8e12) return 'no date'
  const away = seconds - now / 1_000
  const [unit, name] = units.find(([size]) => Math.abs(away) >= 2 * size) ?? [1, 's']
  const amount = Math.round(away / unit)
  return `${new Date(seconds * 1_000).toISOString()}, ${amount < 0 ? `${-amount} ${name} ago` : `in ${amount} ${name}`}`
}

const units = [
  [86_400, 'days'],
  [3_600, 'h'],
  [60, 'min'],
] as const

/** What a JWT most likely is, by the members only its kind has. */
export function kindOf(claims: Readonly<Record<string, unknown>>): string {
  if (claims.aud === '00000002-0000-0000-c000-000000000000') return 'a Graph proof of possession'
  if (claims.iss !== undefined && claims.iss === claims.sub) return 'a client assertion'
  if (claims.ver === '1.0' || claims.ver === '2.0') {
    return `a v${claims.ver} access token of ${claims.scp === undefined ? 'an app' : 'a user'}`
  }
  return 'a JWT of no known kind'
}
