import type { ErrorCode } from '../../../src/errors.ts'
import type { EntraOptions } from '../../../src/verify/index.ts'
import { apiId, clientId, issuers, newKey, noon, sign, tenant, v2Claims } from '../issuer.ts'

/** A token, what is to be said of it, and why. `200` stands for a token that is accepted. */
export type Case = readonly [
  what: string,
  token: unknown,
  verdict: ErrorCode | 'accepted',
  status: 200 | 401 | 403,
]

/** The keys of the issuer: the first signs good tokens, the next two may, the others must not. */
export const keys = {
  good: newKey('key-1'),
  next: newKey('key-2', { issuer: issuers['2.0'].replace(tenant, '{tenantid}'), alg: 'RS256' }),
  own: newKey('key-own', { issuer: issuers['2.0'], cloud_instance_name: 'microsoftonline.com' }),
  encryption: newKey('key-enc', { use: 'enc' }),
  pss: newKey('key-pss', { alg: 'PS256' }),
  foreign: newKey('key-foreign', { issuer: issuers['2.0'].replace(tenant, apiId) }),
  small: newKey('key-small', {}, 1_024),
  encrypting: newKey('key-ops', { key_ops: ['encrypt'] }),
  leaked: newKey('key-leaked'),
  otherCloud: newKey('key-cloud', { cloud_instance_name: 'microsoftonline.us' }),
}

export const keySet: readonly Readonly<Record<string, unknown>>[] = [
  ...Object.values(keys)
    .filter((key) => key !== keys.leaked)
    .map(({ jwk }) => jwk),
  { ...keys.leaked.privateKey.export({ format: 'jwk' }), kid: keys.leaked.jwk.kid },
  { ...keys.next.jwk, kid: 'key-e1', e: 'AQ' },
  { kty: 'oct', kid: 'key-oct', k: keys.good.jwk.n },
]

/** What a verifier of the corpus must ask for; the tokens are good or bad by these options. */
export const options = {
  tenant,
  audience: [apiId, 'api://cars'],
  roles: ['Cars.Read', 'Cars.Write'],
  clients: [clientId],
  requireCertificate: true,
  now: () => noon,
} satisfies EntraOptions

/** A token that is accepted; every other one differs from it in one thing. */
export const good = sign(keys.good, v2Claims())
export const [header = '', payload = '', signature = ''] = good.split('.')

/** Good claims as text, with more before them. */
export function claimsText(before = ''): string {
  return `{${before}${JSON.stringify(v2Claims()).slice(1)}`
}

/** Cases that end in the same way, by what they are. */
export function all(
  verdict: Case[2],
  status: Case[3],
  tokens: Readonly<Record<string, unknown>>,
): readonly Case[] {
  return Object.entries(tokens).map(([what, token]) => [what, token, verdict, status])
}

/** As {@link all}, for claims that differ from `base`, signed by the good key. */
export function allClaims(
  verdict: Case[2],
  status: Case[3],
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  base: (changes: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> = v2Claims,
): readonly Case[] {
  const signed = Object.entries(changes).map(
    ([what, change]) => [what, sign(keys.good, base(change))] as const,
  )
  return all(verdict, status, Object.fromEntries(signed))
}
