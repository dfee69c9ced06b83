import { apiId, clientId, issuers, noon, origin, sign, tenant, v1Claims } from '../issuer.ts'
import { all, allClaims, type Case, claimsText, keys } from './corpus.ts'

const otherTenant = '22222222-2222-3333-4444-555555555555'
const elsewhere = issuers['2.0'].replace(tenant, otherTenant)
const seconds = noon / 1_000

/** JSON that reads as no finite number. */
const endless = (['exp', 'iat', 'nbf'] as const).flatMap((name) =>
  ['1e999', '-1e999'].map((number) => {
    const text = claimsText().replace(new RegExp(`"${name}":\\d+`), `"${name}":${number}`)
    return [`${name} ${number}`, sign(keys.good, text)] as const
  }),
)

const times: readonly Case[] = [
  ...allClaims('ERR_TOKEN_EXPIRED', 401, {
    'an exp five minutes ago': { exp: seconds - 300 },
    'exp 0': { exp: 0 },
    'exp 1': { exp: 1 },
    'a negative exp': { exp: -1 },
    'an exp before its nbf, both past': { exp: seconds - 3_600, nbf: seconds - 1_800 },
  }),
  ...allClaims('ERR_TOKEN_NOT_YET_VALID', 401, {
    'an nbf to come': { nbf: seconds + 301 },
    'an iat to come': { iat: seconds + 301 },
    'times in milliseconds': { exp: noon + 3_600_000, nbf: noon, iat: noon },
  }),
  ...allClaims('ERR_TOKEN_MALFORMED', 401, {
    'no exp': { exp: undefined },
    'exp null': { exp: null },
    'exp true': { exp: true },
    'exp as text': { exp: String(seconds + 60) },
    'exp as a date': { exp: '2030-01-01T00:00:00Z' },
    'exp in a list': { exp: [seconds + 60] },
    'exp in an object': { exp: { valueOf: seconds + 60 } },
    'nbf as text': { nbf: '0' },
    'nbf null': { nbf: null },
    'iat as text': { iat: '0' },
    'iat in a list': { iat: [0] },
  }),
  ...all('ERR_TOKEN_MALFORMED', 401, Object.fromEntries(endless)),
]

const issuer: readonly Case[] = [
  ...allClaims('ERR_TOKEN_ISSUER', 401, {
    'an empty iss': { iss: '' },
    'iss with a slash more': { iss: `${issuers['2.0']}/` },
    'iss with a space more': { iss: `${issuers['2.0']} ` },
    'iss with a NUL more': { iss: `${issuers['2.0']}\0` },
    'iss in capitals': { iss: issuers['2.0'].toUpperCase() },
    'iss over plain http': { iss: issuers['2.0'].replace('https', 'http') },
    'iss with the port': { iss: issuers['2.0'].replace('.com', '.com:443') },
    'iss with a query': { iss: `${issuers['2.0']}?a` },
    'iss with a path that goes up': { iss: issuers['2.0'].replace('/v2.0', '/x/../v2.0') },
    'iss on another host': { iss: issuers['2.0'].replace('login', 'evil') },
    'iss on a host that begins the same': { iss: issuers['2.0'].replace('.com', '.com.evil.example') },
    'iss before an at sign': { iss: issuers['2.0'].replace('.com', '.com@evil.example') },
    'iss as a template': { iss: `${origin}/{tenantid}/v2.0` },
    'iss of common': { iss: `${origin}/common/v2.0` },
    'iss of another tenant': { iss: elsewhere },
    'tid of another tenant': { tid: otherTenant },
    'iss and tid of another tenant': { iss: elsewhere, tid: otherTenant },
    'v2 claims that say 1.0': { ver: '1.0' },
    'the iss of v1 in v2 claims': { iss: issuers['1.0'] },
  }),
  ...allClaims(
    'ERR_TOKEN_ISSUER',
    401,
    {
      'v1 claims that say 2.0': { ver: '2.0' },
      'v1 and iss without its slash': { iss: issuers['1.0'].slice(0, -1) },
      'the iss of v2 in v1 claims': { iss: issuers['2.0'] },
    },
    v1Claims,
  ),
  ...allClaims('ERR_TOKEN_MALFORMED', 401, {
    'no iss': { iss: undefined },
    'iss null': { iss: null },
    'iss as a list': { iss: [issuers['2.0']] },
    'no tid': { tid: undefined },
    'tid in capitals': { tid: 'AAAAAAAA-2222-3333-4444-555555555555' },
    'tid that is a path': { tid: `${tenant}/..` },
    'tid that is no GUID': { tid: 'contoso.onmicrosoft.com' },
    'tid in a list': { tid: [tenant] },
  }),
  ...allClaims('ERR_TOKEN_VERSION', 401, {
    'no ver': { ver: undefined },
    'ver as a number': { ver: 2 },
    'ver 3.0': { ver: '3.0' },
    'ver 2': { ver: '2' },
  }),
]

const audience: readonly Case[] = [
  ...allClaims('ERR_TOKEN_AUDIENCE', 401, {
    'an empty aud': { aud: '' },
    'aud as an empty list': { aud: [] },
    'aud as a list of others': { aud: ['other', 'another'] },
    'aud in capitals': { aud: apiId.toUpperCase() },
    'aud with a space more': { aud: `${apiId} ` },
    'aud that begins the same': { aud: `${apiId}0` },
    'aud that is the beginning': { aud: apiId.slice(0, -1) },
    'aud that is a wildcard': { aud: '*' },
    'aud that is a pattern': { aud: '.*' },
    'aud that is the client': { aud: clientId },
    'aud that is the tenant': { aud: tenant },
    'several names in one aud': { aud: `${apiId} api://cars` },
    'an application id URI in v2 claims': { aud: 'api://cars' },
    'the app id as URI in v2 claims': { aud: `api://${apiId}` },
  }),
  ...allClaims(
    'ERR_TOKEN_AUDIENCE',
    401,
    {
      'v1 and aud with a slash more': { aud: 'api://cars/' },
      'v1 and aud with a space more': { aud: 'api://cars ' },
      'v1 and aud of another case': { aud: 'api://Cars' },
      'v1 and the default scope as aud': { aud: 'api://cars/.default' },
      'v1 and aud of Graph': { aud: 'https://graph.microsoft.com' },
      'v1 and aud without its scheme': { aud: 'cars' },
    },
    v1Claims,
  ),
  ...allClaims('ERR_TOKEN_MALFORMED', 401, {
    'no aud': { aud: undefined },
    'aud null': { aud: null },
    'aud as a number': { aud: 1 },
    'aud with what is no text': { aud: [apiId, 1] },
    'aud in a list in a list': { aud: [[apiId]] },
    'aud as an object': { aud: { [apiId]: true } },
  }),
]

/** Good tokens of callers who may not. */
const unwelcome: readonly Case[] = [
  ...allClaims('ERR_TOKEN_NOT_APP_ONLY', 403, {
    'a scope': { scp: 'Cars.Read' },
    'a scope and no roles': { scp: 'Cars.Read', roles: undefined },
    'an empty scope': { scp: '' },
    'a scope and idtyp app': { scp: 'Cars.Read', idtyp: 'app' },
    'idtyp user': { idtyp: 'user' },
    'idtyp App': { idtyp: 'App' },
    'a subject that is not the app': { sub: 'someone' },
    'neither oid nor sub': { sub: undefined, oid: undefined },
    'no oid': { oid: undefined },
  }),
  ...allClaims('ERR_TOKEN_CLIENT', 403, {
    'another client': { azp: apiId },
    'no client': { azp: undefined },
    'an empty client': { azp: '' },
    'the client in capitals': { azp: clientId.toUpperCase() },
    'the client and a space': { azp: `${clientId} ` },
    'appid for azp': { azp: undefined, appid: clientId },
    'client_id for azp': { azp: undefined, client_id: clientId },
  }),
  ...allClaims(
    'ERR_TOKEN_CLIENT',
    403,
    { 'v1 and azp for appid': { appid: undefined, azp: clientId } },
    v1Claims,
  ),
  ...allClaims('ERR_TOKEN_CLIENT_CREDENTIAL', 403, {
    'azpacr of a secret': { azpacr: '1' },
    'azpacr of a public client': { azpacr: '0' },
    'no azpacr': { azpacr: undefined },
    'azpacr 2 and a space': { azpacr: '2 ' },
    'azpacr 02': { azpacr: '02' },
    'appidacr for azpacr': { azpacr: undefined, appidacr: '2' },
  }),
  ...allClaims(
    'ERR_TOKEN_CLIENT_CREDENTIAL',
    403,
    { 'v1 and azpacr for appidacr': { appidacr: undefined, azpacr: '2' } },
    v1Claims,
  ),
  ...allClaims('ERR_TOKEN_ROLE', 403, {
    'no roles': { roles: undefined },
    'an empty list of roles': { roles: [] },
    'no role of ours': { roles: ['Cars.Read.All', 'cars.read', '', 'Cars'] },
    'a role with a space': { roles: ['Cars.Read '] },
    'two roles in one': { roles: ['Cars.Read Cars.Write'] },
    'its role in wids': { roles: undefined, wids: ['Cars.Read'] },
  }),
  ...allClaims('ERR_TOKEN_MALFORMED', 401, {
    'azpacr as a number': { azpacr: 2 },
    'oid and sub that are no text': { oid: 1, sub: 1 },
    'roles as text': { roles: 'Cars.Read' },
    'roles in roles': { roles: [['Cars.Read']] },
    'roles as an object': { roles: { 0: 'Cars.Read', length: 1 } },
    'idtyp as a list': { idtyp: ['app'] },
  }),
]

export const forgedClaims: readonly Case[] = [...times, ...issuer, ...audience, ...unwelcome]
