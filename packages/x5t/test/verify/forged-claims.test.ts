import type { ErrorCode } from '../../src/errors.ts'
import { apiId, issuers, noon, origin, sign, tenant, v1Claims, v2Claims } from './issuer.ts'
import { type Case, claimsText, keys, testRefusals } from './refusals.ts'

/** What is wrong, the claims that say it, and how the token is refused. */
type Claims = readonly [what: string, claims: Record<string, unknown>, code: ErrorCode]

const otherTenant = '22222222-2222-3333-4444-555555555555'
const elsewhere = issuers['2.0'].replace(tenant, otherTenant)
const seconds = noon / 1_000

const unfit: readonly Claims[] = [
  ['an exp five minutes ago', { exp: seconds - 300 }, 'ERR_TOKEN_EXPIRED'],
  ['a negative exp', { exp: -1 }, 'ERR_TOKEN_EXPIRED'],
  ['no exp', { exp: undefined }, 'ERR_TOKEN_MALFORMED'],
  ['exp null', { exp: null }, 'ERR_TOKEN_MALFORMED'],
  ['exp as text', { exp: String(seconds + 60) }, 'ERR_TOKEN_MALFORMED'],
  ['an nbf to come', { nbf: seconds + 301 }, 'ERR_TOKEN_NOT_YET_VALID'],
  ['nbf as text', { nbf: '0' }, 'ERR_TOKEN_MALFORMED'],
  ['an iat to come', { iat: seconds + 301 }, 'ERR_TOKEN_NOT_YET_VALID'],
  ['no iss', { iss: undefined }, 'ERR_TOKEN_MALFORMED'],
  ['iss as a list', { iss: [issuers['2.0']] }, 'ERR_TOKEN_MALFORMED'],
  ['iss with a slash more', { iss: `${issuers['2.0']}/` }, 'ERR_TOKEN_ISSUER'],
  ['iss in capitals', { iss: issuers['2.0'].toUpperCase() }, 'ERR_TOKEN_ISSUER'],
  ['iss on another host', { iss: issuers['2.0'].replace('login', 'evil') }, 'ERR_TOKEN_ISSUER'],
  ['iss as a template', { iss: `${origin}/{tenantid}/v2.0` }, 'ERR_TOKEN_ISSUER'],
  ['iss of another tenant', { iss: elsewhere }, 'ERR_TOKEN_ISSUER'],
  ['tid of another tenant', { tid: otherTenant }, 'ERR_TOKEN_ISSUER'],
  ['iss and tid of another tenant', { iss: elsewhere, tid: otherTenant }, 'ERR_TOKEN_ISSUER'],
  ['no tid', { tid: undefined }, 'ERR_TOKEN_MALFORMED'],
  ['tid that is a path', { tid: `${tenant}/..` }, 'ERR_TOKEN_MALFORMED'],
  ['no ver', { ver: undefined }, 'ERR_TOKEN_VERSION'],
  ['ver as a number', { ver: 2 }, 'ERR_TOKEN_VERSION'],
  ['v2 claims that say 1.0', { ver: '1.0' }, 'ERR_TOKEN_ISSUER'],
  ['no aud', { aud: undefined }, 'ERR_TOKEN_MALFORMED'],
  ['an empty aud', { aud: '' }, 'ERR_TOKEN_AUDIENCE'],
  ['aud as an empty list', { aud: [] }, 'ERR_TOKEN_AUDIENCE'],
  ['aud with what is no text', { aud: [apiId, 1] }, 'ERR_TOKEN_MALFORMED'],
  ['aud as an object', { aud: { [apiId]: true } }, 'ERR_TOKEN_MALFORMED'],
  ['aud in capitals', { aud: apiId.toUpperCase() }, 'ERR_TOKEN_AUDIENCE'],
  ['an application id URI in v2 claims', { aud: 'api://cars' }, 'ERR_TOKEN_AUDIENCE'],
  ['the app id as URI in v2 claims', { aud: `api://${apiId}` }, 'ERR_TOKEN_AUDIENCE'],
  ['azpacr as a number', { azpacr: 2 }, 'ERR_TOKEN_MALFORMED'],
  ['roles as text', { roles: 'Cars.Read' }, 'ERR_TOKEN_MALFORMED'],
  ['roles in roles', { roles: [['Cars.Read']] }, 'ERR_TOKEN_MALFORMED'],
]

const unwelcome: readonly Claims[] = [
  ['a scope', { scp: 'Cars.Read' }, 'ERR_TOKEN_NOT_APP_ONLY'],
  ['an empty scope and idtyp app', { scp: '', idtyp: 'app' }, 'ERR_TOKEN_NOT_APP_ONLY'],
  ['idtyp user', { idtyp: 'user' }, 'ERR_TOKEN_NOT_APP_ONLY'],
  ['a subject that is not the app', { sub: 'someone' }, 'ERR_TOKEN_NOT_APP_ONLY'],
  ['neither oid nor sub', { sub: undefined, oid: undefined }, 'ERR_TOKEN_NOT_APP_ONLY'],
  ['azpacr of a secret', { azpacr: '1' }, 'ERR_TOKEN_CLIENT_CREDENTIAL'],
  ['appidacr for azpacr', { azpacr: undefined, appidacr: '2' }, 'ERR_TOKEN_CLIENT_CREDENTIAL'],
  ['no roles', { roles: undefined }, 'ERR_TOKEN_ROLE'],
  ['an empty list of roles', { roles: [] }, 'ERR_TOKEN_ROLE'],
  ['no role of ours', { roles: ['Cars.Read.All', 'cars.read', ''] }, 'ERR_TOKEN_ROLE'],
]

const v1: readonly Claims[] = [
  ['v1 claims that say 2.0', { ver: '2.0' }, 'ERR_TOKEN_ISSUER'],
  ['aud with a slash more', { aud: 'api://cars/' }, 'ERR_TOKEN_AUDIENCE'],
  ['aud with a space more', { aud: 'api://cars ' }, 'ERR_TOKEN_AUDIENCE'],
  ['aud of another case', { aud: 'api://Cars' }, 'ERR_TOKEN_AUDIENCE'],
  ['aud of Graph', { aud: 'https://graph.microsoft.com' }, 'ERR_TOKEN_AUDIENCE'],
  ['iss without its slash', { iss: issuers['1.0'].slice(0, -1) }, 'ERR_TOKEN_ISSUER'],
]

const numbers: readonly Case[] = (['exp', 'iat', 'nbf'] as const).map((name) => {
  const text = claimsText().replace(new RegExp(`"${name}":\\d+`), `"${name}":1e999`)
  return [`${name} without end`, sign(keys.good, text), 'ERR_TOKEN_MALFORMED', 401]
})

testRefusals([
  ...unfit.map(([what, claims, code]): Case => [what, sign(keys.good, v2Claims(claims)), code, 401]),
  ...unwelcome.map(([what, claims, code]): Case => [what, sign(keys.good, v2Claims(claims)), code, 403]),
  ...v1.map(([what, claims, code]): Case => [what, sign(keys.good, v1Claims(claims)), code, 401]),
  ...numbers,
])
