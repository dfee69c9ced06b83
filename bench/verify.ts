/** The verifier beside its peers and beside bare `crypto.verify`, interleaved, CPU time, medians of the rounds. */
import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { JwtRsaVerifier } from 'aws-jwt-verify'
import { createVerifier as createFastVerifier } from 'fast-jwt'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { JwksClient } from 'jwks-rsa'
import { createVerifier } from 'x5t/verify'

interface Setting {
  readonly tokens: readonly string[]
  readonly publicKey: KeyObject
  readonly jwk: JsonWebKey
}

type Check = (token: string, index: number) => unknown
/** A verifier, made anew for each round, so that it has seen no token before. */
type Contestant = (setting: Setting) => Check

const rounds = 61
/** Rounds before those that count, in which the compiler learns. */
const warmUps = 3
const kid = 'a-key-name-of-27-characters'
const tenant = randomUUID()
const audience = randomUUID()
const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`
const jwksUri = 'https://login.microsoftonline.com/keys'

const firstTime = {
  'crypto.verify': ({ tokens, publicKey }) => {
    const parts = tokens.map((token) => {
      const end = token.lastIndexOf('.')
      return [Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), 'base64url')] as const
    })
    return (_, index) => {
      const [data, signature] = parts[index] ?? []
      return data && signature && verify('sha256', data, publicKey, signature)
    }
  },
  'crypto.verify after JSON.parse':
    ({ publicKey }) =>
    (token) => {
      const [header = '', payload = '', signature = ''] = token.split('.')
      JSON.parse(Buffer.from(payload, 'base64url').toString())
      const input = Buffer.from(`${header}.${payload}`)
      return verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'))
    },
  x5t: (setting) => x5tVerifier(setting),
  'x5t, memory off': (setting) => x5tVerifier(setting, 0),
  'aws-jwt-verify': ({ jwk }) => {
    const verifier = JwtRsaVerifier.create({ issuer, audience, jwksUri })
    verifier.cacheJwks({ keys: [{ ...jwk, kty: 'RSA', use: 'sig', alg: 'RS256', kid }] })
    return (token) => verifier.verify(token)
  },
  'fast-jwt': ({ publicKey }) => fastVerifier(publicKey, false),
  jose: ({ jwk }) => {
    const keySet = createLocalJWKSet({ keys: [jwk] } as JSONWebKeySet) // node:crypto types kty as optional
    return (token) => jwtVerify(token, keySet, { issuer, audience, algorithms: ['RS256'] })
  },
  'jsonwebtoken + jwks-rsa': ({ jwk }) => {
    const keys = new JwksClient({
      jwksUri,
      cache: true,
      rateLimit: false,
      fetcher: async () => ({ keys: [jwk] }),
    })
    const keyOf: jsonwebtoken.GetPublicKeyOrSecret = (header, done) => {
      keys.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()))
    }
    return (token) =>
      new Promise((resolve, reject) => {
        jsonwebtoken.verify(token, keyOf, { issuer, audience, algorithms: ['RS256'] }, (error, claims) =>
          error === null ? resolve(claims) : reject(error),
        )
      })
  },
} satisfies Record<string, Contestant>

const repeated: Record<string, Contestant> = {
  x5t: firstTime.x5t,
  'fast-jwt, cache on': ({ publicKey, tokens }) => fastVerifier(publicKey, tokens.length),
}

export async function run(): Promise<void> {
  const setting = newSetting(1_000)
  const { tokens } = setting
  process.stdout.write(
    `Node ${process.version}, RSA 2048, Entra's claims, ${tokens[0]?.length} characters\n\n`,
  )
  print('a token seen for the first time', 'crypto.verify', await measure(firstTime, setting, tokens))
  const few = tokens.slice(0, 100)
  const often = Array.from({ length: 200 }, () => few).flat()
  print(
    'a token seen twice before',
    'x5t',
    await measure(repeated, { ...setting, tokens: few }, often, [...few, ...few]),
  )
}

setFlagsFromString('--expose-gc')
const collect: NonNullable<typeof gc> = runInNewContext('gc')

/**
 * Each pays for its own garbage: what was made before is collected before the clock starts, what it makes before the
 * clock stops. `crypto.verify` leaves an object with a native part behind, which would be charged to whoever comes next.
 *
 * @returns CPU microseconds for one of `work`, by contestant, one for each round.
 */
async function measure(
  contestants: Readonly<Record<string, Contestant>>,
  setting: Setting,
  work: readonly string[],
  before: readonly string[] = work.slice(0, 1),
): Promise<Map<string, number[]>> {
  const micros = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]))
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, contestant] of shuffled(Object.entries(contestants))) {
      const check = contestant(setting)
      for (const [index, token] of before.entries()) await check(token, index)
      collect({ type: 'minor' })
      const start = process.cpuUsage()
      for (let index = 0; index < work.length; index++) await check(work[index] ?? '', index)
      collect({ type: 'minor' })
      const { user, system } = process.cpuUsage(start)
      if (round >= 0) micros.get(name)?.push((user + system) / work.length)
    }
  }
  return micros
}

/** Ratios are made within each round, for the machine's pace changes from one to the next. */
function print(title: string, floor: string, micros: ReadonlyMap<string, readonly number[]>): void {
  process.stdout.write(`${title.padEnd(34)}  us CPU   per CPU s   ratio to ${floor}\n`)
  for (const [name, values] of micros) {
    const value = median(values)
    const ratio = median(values.map((own, round) => (micros.get(floor)?.[round] ?? Number.NaN) / own))
    const columns = [value.toFixed(2).padStart(8), (1e6 / value).toFixed(0).padStart(10), ratio.toFixed(2)]
    process.stdout.write(`  ${name.padEnd(32)}${columns.join('  ')}\n`)
  }
  process.stdout.write('\n')
}

function x5tVerifier({ jwk }: Setting, rememberTokens?: number): Check {
  const { verify: check } = createVerifier({
    tenant,
    audience,
    roles: ['Cars.Read'],
    rememberTokens,
    fetch: async (input) =>
      Response.json(String(input) === jwksUri ? { keys: [jwk] } : { issuer, jwks_uri: jwksUri }),
  })
  return (token) => check(token)
}

function fastVerifier(publicKey: KeyObject, cache: number | false): Check {
  const key = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const check = createFastVerifier({
    key,
    cache,
    algorithms: ['RS256'],
    allowedIss: issuer,
    allowedAud: audience,
  })
  return (token) => check(token)
}

function newSetting(count: number): Setting {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const iat = Math.floor(Date.now() / 1_000) - 300
  const tokens = Array.from({ length: count }, () => {
    const oid = randomUUID()
    const input = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode({
      aud: audience,
      iss: issuer,
      iat,
      nbf: iat,
      exp: iat + 7_200,
      aio: 'E2ZgYLCOWPcomsnjS7x3a3z4r1cpAA==',
      azp: randomUUID(),
      azpacr: '2',
      oid,
      rh: '0.ARoAv4j5cvGGr0GRqy180BHbRaYYc2cUqUmvl7zrhi1pJ0lAAAA.',
      roles: ['Cars.Read', 'Cars.Write'],
      sub: oid,
      tid: tenant,
      uti: randomUUID().slice(0, 22),
      ver: '2.0',
    })}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  })
  return { tokens, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } }
}

/** Whoever comes behind a sibling finds the caches warm, so nobody comes behind the same one each time. */
const shuffled = <T>(values: readonly T[]) =>
  values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
