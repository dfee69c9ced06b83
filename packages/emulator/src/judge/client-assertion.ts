import { constants, verify } from 'node:crypto'
import type { App, Tenant } from '../directory/app.ts'
import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import { Refusal } from '../refusal/refusal.ts'
import { isAudienceOf } from './audience.ts'
import { findCertificate, namedCertificate } from './certificate-lookup.ts'
import { type DecodedAssertion, decodeAssertion } from './decode-assertion.ts'

/** Entra: skew on `nbf` and `exp`; the exact number is a guess, five minutes is the usual one. */
const toleranceMs = 300_000

interface Circumstances {
  readonly client: App
  readonly tenant: Tenant
  /** Origins under which this service is known. */
  readonly origins: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
}

/** Judges a client assertion: form, claims, time, certificate, signature, in this order. @throws Refusal */
export function judgeClientAssertion(jwt: string, { client, tenant, origins, now }: Circumstances): void {
  const assertion = decodeAssertion(jwt)
  const algorithm = acceptedAlgorithm(assertion)
  const named = namedCertificate(assertion.header)
  judgeClaims(assertion, client, tenant, origins)
  judgeTime(assertion, now)

  const refuse = (reason: string, certificate?: RegisteredCertificate) =>
    new Refusal(700027, {
      reason,
      thumbprint: named.shown,
      appId: client.appId,
      found: foundKey(certificate),
    })
  const certificate = findCertificate(named, client.certificates)
  if (certificate === undefined) throw refuse('The key was not found.')
  if (now > certificate.notAfter || now < certificate.notBefore)
    throw refuse('The key used is expired.', certificate)
  if (certificate.publicKey.asymmetricKeyType !== 'rsa' || !isSignedBy(assertion, algorithm, certificate)) {
    throw refuse('Key was found, but use of the key to verify the signature failed.', certificate)
  }
}

/** JWS name to hash. PS256 is accepted since 2024; the service's own list of names never mentioned it. */
const hashes = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512', PS256: 'sha256' } as const
type Algorithm = keyof typeof hashes

function acceptedAlgorithm({ header }: DecodedAssertion): Algorithm {
  const { alg: algorithm } = header
  if (typeof algorithm !== 'string') throw new Refusal(50027)
  if (!Object.hasOwn(hashes, algorithm)) throw new Refusal(5002738, { algorithm })
  return algorithm as Algorithm // has that own property, checked on the line above
}

function judgeClaims(
  { claims }: DecodedAssertion,
  { appId }: App,
  tenant: Tenant,
  origins: readonly string[],
): void {
  const { iss, sub, aud } = claims
  if (typeof iss !== 'string' || iss === '') throw new Refusal(90014, { name: 'iss' })
  if (aud === undefined || aud === '') throw new Refusal(90014, { name: 'aud' })
  if (iss.toLowerCase() !== appId.toLowerCase()) throw new Refusal(700021)
  if (typeof sub !== 'string' || sub.toLowerCase() !== iss.toLowerCase()) throw new Refusal(50048)
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.every((audience) => typeof audience === 'string')) throw new Refusal(700023)
  if (audiences.some((audience) => /^https:\/\/([a-z0-9]+\.)?mtlsauth\./i.test(audience)))
    throw new Refusal(50171)
  if (!audiences.some((audience) => isAudienceOf(audience, tenant, origins))) throw new Refusal(700023)
}

/** A missing `nbf` or `exp` counts as 1970, as the service prints it. */
function judgeTime({ claims }: DecodedAssertion, now: number): void {
  const from = epochMs(claims.nbf)
  const until = epochMs(claims.exp)
  if (from === undefined || until === undefined) throw new Refusal(50027)
  if (from - toleranceMs <= now && now <= until + toleranceMs) return
  throw new Refusal(700024, { now: roundTrip(now), from: roundTrip(from), until: roundTrip(until) })
}

/** MSAL.NET sends strings, MSAL Python floats. `undefined`: no time at all, or none that a date can hold. */
function epochMs(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : (value ?? 0)
  return typeof seconds === 'number' && Math.abs(seconds) < 8e12 ? seconds * 1_000 : undefined
}

/** .NET's round-trip format: seven decimals. */
const roundTrip = (ms: number) => new Date(ms).toISOString().replace('Z', '0000Z')

function isSignedBy(
  { signingInput, signature }: DecodedAssertion,
  algorithm: Algorithm,
  by: RegisteredCertificate,
) {
  const padding =
    algorithm === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING }
  return verify(hashes[algorithm], signingInput, { key: by.publicKey, ...padding }, signature)
}

/** `Found key 'Start=…, End=…', ` in US format, UTC. */
function foundKey(certificate: RegisteredCertificate | undefined): string {
  if (certificate === undefined) return ''
  const us = (ms: number) => {
    const [date = '', time = ''] = new Date(ms).toISOString().split('T')
    const [year, month, day] = date.split('-')
    return `${month}/${day}/${year} ${time.slice(0, 8)}`
  }
  return `Found key 'Start=${us(certificate.notBefore)}, End=${us(certificate.notAfter)}', `
}
