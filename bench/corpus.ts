/**
 * How many tokens of the corpus each verifier judges right; of those that are named, which ones it does not. Every peer gets what its documentation offers: algorithm,
 * issuers, audiences, the time, the keys of the set by name; and the same careful function for what none of them
 * knows about Entra.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier as createFastVerifier } from 'fast-jwt'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { JwksClient } from 'jwks-rsa'
import { createVerifier } from 'x5t/verify'
import { keySet, options } from '../packages/x5t/test/verify/corpus/corpus.ts'
import { corpus } from '../packages/x5t/test/verify/corpus/tokens.ts'
import { apiId, entraFetch, issuers, noon } from '../packages/x5t/test/verify/issuer.ts'

/** Rejects what it refuses. */
type Judge = (token: string) => Promise<unknown>
type Claims = Readonly<Record<string, unknown>>

const algorithms = ['RS256'] as const
const issuer = Object.values(issuers)
const audience = [apiId, `api://${apiId}`, 'api://cars']
const toleranceSeconds = 300
const jwks: unknown = { keys: keySet } // the set has members that must be passed over
const keyNamed = (kid: unknown) => {
  const jwk = keySet.find((one) => one.kid === kid)
  if (jwk === undefined) throw new Error('no such key')
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
}

const judges: Readonly<Record<string, () => Judge>> = {
  x5t: () => {
    const { verify } = createVerifier({ ...options, fetch: entraFetch(() => keySet).fetch })
    return (token) => verify(token)
  },
  jose: () => {
    const keys = createLocalJWKSet(jwks as JSONWebKeySet)
    const expected = { issuer, audience, clockTolerance: toleranceSeconds, currentDate: new Date(noon) }
    return async (token) => {
      const { payload } = await jwtVerify(token, keys, { ...expected, algorithms: [...algorithms] })
      authorize(payload)
    }
  },
  'fast-jwt': () => {
    const check = createFastVerifier({
      key: async ({ header }: { header: { kid?: unknown } }) =>
        keyNamed(header.kid).export({ type: 'spki', format: 'pem' }).toString(),
      algorithms: [...algorithms],
      allowedIss: issuer,
      allowedAud: audience,
      clockTimestamp: noon,
      clockTolerance: toleranceSeconds * 1_000,
    })
    return async (token) => authorize(await check(token))
  },
  'jsonwebtoken + jwks-rsa': () => {
    const client = new JwksClient({
      jwksUri: 'https://login.example/keys',
      fetcher: async () => ({ keys: keySet }),
      rateLimit: false,
    })
    const expected = {
      issuer: issuer as [string, ...string[]], // both have two members
      audience: audience as [string, ...string[]],
      clockTimestamp: noon / 1_000,
      clockTolerance: toleranceSeconds,
      algorithms: [...algorithms],
    }
    // In two steps: given a function for the key, it throws past its callback at claims that are null.
    return async (token) => {
      const key = await client.getSigningKey(jsonwebtoken.decode(token, { complete: true })?.header.kid)
      authorize(Object(jsonwebtoken.verify(token, key.getPublicKey(), expected)))
    }
  },
  'aws-jwt-verify': () => {
    const jwksUri = 'https://login.example/keys'
    const verifiers = issuer.map((one) => {
      const verifier = JwtVerifier.create({
        issuer: one,
        audience,
        jwksUri,
        graceSeconds: toleranceSeconds,
      })
      verifier.cacheJwks(jwks as Parameters<typeof verifier.cacheJwks>[0])
      return verifier
    })
    return async (token) => {
      const [claims] = await Promise.any(verifiers.map(async (verifier) => [await verifier.verify(token)]))
      authorize(Object(claims))
    }
  },
}

/** What a careful API adds by hand to a library that does not know Entra. */
function authorize(claims: Claims): void {
  const { ver, tid, iss, aud, scp, idtyp, oid, sub, azp, appid, azpacr, appidacr, roles } = claims
  const isOurs = tid === options.tenant && (ver === '1.0' || ver === '2.0') && iss === issuers[ver]
  const isForUs = ver === '1.0' || [aud].flat().includes(apiId)
  const isApp =
    scp === undefined && (idtyp === undefined ? oid !== undefined && oid === sub : idtyp === 'app')
  const isClient = options.clients.includes(String(ver === '2.0' ? azp : appid))
  const byCertificate = (ver === '2.0' ? azpacr : appidacr) === '2'
  const mayCall = Array.isArray(roles) && roles.some((role) => options.roles.includes(role))
  const isGood = isOurs && isForUs && isApp && isClient && byCertificate && mayCall
  if (!isGood) throw new Error('not authorized')
}

export async function run(names: readonly string[]): Promise<void> {
  const good = corpus.filter(([, , verdict]) => verdict === 'accepted').length
  process.stdout.write(`${corpus.length} tokens: ${good} good, ${corpus.length - good} to be refused\n\n`)
  const { now } = Date
  // aws-jwt-verify takes the time from nowhere else.
  Date.now = () => noon
  for (const [name, create] of Object.entries(judges)) {
    const wrong = await wrongOf(create())
    process.stdout.write(`${name.padEnd(24)} ${corpus.length - wrong.length} right\n`)
    if (names.some((word) => name.includes(word)))
      for (const line of wrong) process.stdout.write(`    ${line}\n`)
  }
  Date.now = now
}

async function wrongOf(judge: Judge): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const [what, token, verdict] of corpus) {
    const accepted = await judge(String(token)).then(
      () => true,
      () => false,
    )
    if (accepted === (verdict === 'accepted')) continue
    wrong.push(`${accepted ? 'accepted' : 'refused'}: ${what}`)
  }
  return wrong
}
