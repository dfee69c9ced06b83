import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
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

/** All keys of an emulator at one moment. */
export interface SigningKeySet {
  /** Oldest first; each is published until then, epoch milliseconds. */
  readonly earlier: readonly { readonly key: SigningKey; readonly until: number }[]
  readonly current: SigningKey
  /** Undefined until somebody asked for it. */
  readonly next: SigningKey | undefined
}

/** Where the keys outlive the process. */
export interface SigningKeyStore {
  /** Undefined where none are kept. */
  read(): SigningKeySet | undefined
  write(set: SigningKeySet): void
}

export interface SigningKeys {
  /** The one that signs now. */
  current(): SigningKey
  /** One that has signed what can still live. */
  find(kid: string): SigningKey | undefined
  /** All that a verifier may meet: earlier ones whose tokens may live, the current one, and the next. */
  published(): Promise<readonly SigningKey[]>
  /** The next key signs from now on; the last one stays published as long as a token of it can live. */
  roll(): Promise<SigningKey>
}

const modulusLength = 2048
const yearMs = 365 * 86_400_000

/**
 * @param options.longestLifetimeMs - Of a token; an old key is published this long after its last signature.
 * @param options.store - Default: none, the keys end with the process.
 * @returns Once the first key is there. The next one is made when it is first asked for, for that takes a while too.
 */
export async function createSigningKeys(options: {
  now: () => number
  longestLifetimeMs: number
  store?: SigningKeyStore | undefined
}): Promise<SigningKeys> {
  const { now, longestLifetimeMs, store } = options
  let keys = store?.read() ?? { earlier: [], current: await generateSigningKey(now()), next: undefined }
  store?.write(keys)
  const change = (changed: Partial<SigningKeySet>) => {
    const following = { ...keys, ...changed }
    store?.write(following)
    keys = following
  }
  let upcoming: Promise<SigningKey> | undefined
  /** Made once, however many ask. */
  const nextKey = () => {
    upcoming ??= makeNext().catch((error: unknown) => {
      // Whoever asks later, with the disk no longer full, has it made anew.
      upcoming = undefined
      throw error
    })
    return upcoming
  }
  async function makeNext(): Promise<SigningKey> {
    const next = keys.next ?? (await generateSigningKey(now()))
    if (keys.next === undefined) change({ next })
    return next
  }
  /** Rolls come one after the other, or two would take the same next key. */
  let rolled = Promise.resolve(keys.current)
  return {
    current: () => keys.current,
    find(kid) {
      const earlier = keys.earlier.filter(({ until }) => now() <= until)
      return [keys.current, ...earlier.map(({ key }) => key)].find((key) => key.kid === kid)
    },
    async published() {
      const next = await nextKey()
      const earlier = keys.earlier.filter(({ until }) => now() <= until)
      return [...earlier.map(({ key }) => key), keys.current, next]
    },
    roll() {
      const last = rolled.catch(() => {}) // its own caller was told
      rolled = last.then(async () => {
        const next = await nextKey()
        const past = { key: keys.current, until: now() + longestLifetimeMs }
        const earlier = [...keys.earlier.filter(({ until }) => now() <= until), past]
        change({ earlier, current: next, next: undefined })
        upcoming = undefined
        return next
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
  return signingKey(der, privateKey)
}

/** @param der - Of the key's certificate. */
export function signingKey(der: Buffer, privateKey: KeyObject): SigningKey {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const kid = createHash('sha1').update(der).digest('base64url')
  return { kid, privateKey, n, e, x5c: der.toString('base64') }
}
