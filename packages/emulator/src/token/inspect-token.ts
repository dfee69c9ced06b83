import { createPublicKey, verify } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { parseJws } from '../judge/assertion/jws.ts'
import type { SigningKey } from './signing-keys.ts'

/** An access token taken apart, and what an API would find out about it. */
export interface InspectedToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** In the order in which `x5t/verify` asks; unlike there, a failure does not end the list. */
  readonly checks: readonly TokenCheck[]
}

export interface TokenCheck {
  readonly name:
    | 'form'
    | 'algorithm'
    | 'issuer'
    | 'key'
    | 'signature'
    | 'time'
    | 'audience'
    | 'app-only'
    | 'role'
  readonly state: 'passed' | 'failed' | 'not reached'
  /** What was asked. */
  readonly asks: string
  readonly expected?: string | undefined
  readonly found?: string | undefined
}

/** What an API wants to see; the checks for what is left out are not made. */
export interface Expectations {
  readonly audience: string | undefined
  readonly role: string | undefined
}

/** Characters; tokens are a tenth of that. */
const longestToken = 65_536

/** Seconds. */
const tolerance = 300

/**
 * Reads an access token as an API would that trusts this emulator.
 *
 * @param knowing.keys - Those that are published.
 * @param knowing.now - Epoch milliseconds.
 */
export function inspectToken(
  token: string,
  wanted: Expectations,
  knowing: { readonly keys: readonly SigningKey[]; readonly directory: Directory; readonly now: number },
): InspectedToken {
  const jws = token.length > longestToken ? undefined : parseJws(token)
  const checks: TokenCheck[] = []
  const check = (
    name: TokenCheck['name'],
    asks: string,
    holds: boolean | undefined,
    expected?: string,
    found?: unknown,
  ) => {
    const state = holds === undefined ? 'not reached' : holds ? 'passed' : 'failed'
    checks.push({ name, state, asks, expected, found: found === undefined ? undefined : textOf(found) })
  }
  check('form', 'three parts of base64url around two JSON objects', jws !== undefined)
  if (jws === undefined) return { header: {}, claims: {}, checks }
  const { header, claims, signed, signature } = jws
  check('algorithm', 'signed with RS256', header.alg === 'RS256', 'RS256', header.alg ?? 'none')
  const tenant = knowing.directory.findTenant(textOf(claims.tid))
  check(
    'issuer',
    'issued for a tenant of this emulator',
    isIssuer(claims, tenant?.id),
    issuerOf(claims, tenant?.id),
    claims.iss ?? 'none',
  )
  const key = knowing.keys.find(({ kid }) => kid === header.kid)
  check(
    'key',
    'signed by a key that is published',
    key !== undefined,
    knowing.keys.map(({ kid }) => kid).join(' or '),
    header.kid ?? 'none',
  )
  const holds =
    key && header.alg === 'RS256' ? verify('sha256', signed, publicKey(key), signature) : undefined
  check('signature', 'the signature is by that key', holds)
  checkTime(claims, knowing.now, check)
  const { audience, role } = wanted
  if (audience !== undefined)
    check('audience', 'the token is for this API', claims.aud === audience, audience, claims.aud ?? 'none')
  const appOnly =
    claims.scp === undefined &&
    (claims.idtyp === undefined ? claims.oid === claims.sub : claims.idtyp === 'app')
  check('app-only', 'an app calls, not a user', appOnly)
  const roles = Array.isArray(claims.roles) ? claims.roles : []
  if (role !== undefined)
    check('role', 'the client has this app role', roles.includes(role), role, roles.join(' ') || 'none')
  return { header, claims, checks }
}

type Ask = (
  name: TokenCheck['name'],
  asks: string,
  holds: boolean,
  expected?: string,
  found?: unknown,
) => void

function checkTime({ nbf, exp }: Readonly<Record<string, unknown>>, now: number, check: Ask): void {
  const seconds = now / 1000
  const inTime =
    typeof nbf === 'number' &&
    typeof exp === 'number' &&
    nbf - tolerance <= seconds &&
    seconds < exp + tolerance
  const asks = `between nbf and exp, with ${tolerance} s of tolerance`
  check('time', asks, inTime, `${instantOf(nbf)} to ${instantOf(exp)}`, new Date(now).toISOString())
}

/** Version 2.0 tokens are issued at the origin that was asked, whichever of the emulator's names that was. */
function isIssuer({ iss, ver }: Readonly<Record<string, unknown>>, tenantId: string | undefined): boolean {
  if (tenantId === undefined || typeof iss !== 'string') return false
  return ver === '1.0'
    ? iss === `https://sts.windows.net/${tenantId}/`
    : URL.canParse(iss) && new URL(iss).pathname === `/${tenantId}/v2.0`
}

function issuerOf({ ver }: Readonly<Record<string, unknown>>, tenantId = '{tenant}'): string {
  return ver === '1.0' ? `https://sts.windows.net/${tenantId}/` : `https://{host}/${tenantId}/v2.0`
}

const publicKey = ({ n, e }: SigningKey) => createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })

function instantOf(claim: unknown): string {
  if (typeof claim !== 'number' || Math.abs(claim) > 8.64e12) return 'no date'
  return new Date(claim * 1000).toISOString()
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
