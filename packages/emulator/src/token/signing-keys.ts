import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { issueCertificate } from '../certificate/issue-certificate.ts'

/** A key that signs access tokens, and what is published of it. */
export interface SigningKey {
  /** Entra: looks like the SHA-1 thumbprint of the key's certificate; `x5t` is the same text. */
  readonly kid: string
  readonly privateKey: KeyObject
  /** RSA modulus and exponent, base64url. */
  readonly n: string
  readonly e: string
  /** The key's certificate, base64 DER. */
  readonly x5c: string
}

export interface SigningKeys {
  /** The one that signs now. */
  current(): SigningKey
  /** All that a verifier may meet: earlier ones whose tokens may live, the current one, and the next. */
  published(): Promise<readonly SigningKey[]>
  /** The next key signs from now on; the last one stays published as long as a token of it can live. */
  roll(): Promise<SigningKey>
}

const modulusLength = 2048
const yearMs = 365 * 86_400_000

/**
 * @param options.longestLifetimeMs - Of a token; an old key is published this long after its last signature.
 * @returns Once the first key is there. The next one is made when it is first asked for, for that takes a while too.
 */
export async function createSigningKeys(options: {
  now: () => number
  longestLifetimeMs: number
}): Promise<SigningKeys> {
  const { now, longestLifetimeMs } = options
  let current = await generateSigningKey(now())
  let next: Promise<SigningKey> | undefined
  let earlier: readonly { readonly key: SigningKey; readonly until: number }[] = []
  /** Rolls come one after the other, or two would take the same next key. */
  let rolled = Promise.resolve(current)
  const upcoming = () => {
    next ??= generateSigningKey(now())
    return next
  }
  return {
    current: () => current,
    async published() {
      const following = await upcoming()
      earlier = earlier.filter(({ until }) => now() <= until)
      return [...earlier.map(({ key }) => key), current, following]
    },
    roll() {
      rolled = rolled.then(async () => {
        const following = await upcoming()
        earlier = [...earlier, { key: current, until: now() + longestLifetimeMs }]
        current = following
        next = undefined
        return current
      })
      return rolled
    },
  }
}

async function generateSigningKey(now: number): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength })
  const commonName = 'x5t emulator token signing'
  const der = await issueCertificate({
    commonName,
    publicKey,
    issuer: { commonName, privateKey },
    notBefore: now,
    notAfter: now + 5 * yearMs,
  })
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha1').update(der).digest('base64url')
  return { kid, privateKey, n, e, x5c: der.toString('base64') }
}
