import { createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { makeCertificate } from '../tls/make-certificate.ts'

/** A key that signs access tokens, and its public half as key sets show it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: {
    readonly kty: 'RSA'
    readonly use: 'sig'
    readonly kid: string
    readonly x5t: string
    readonly n: string
    readonly e: string
    readonly x5c: readonly [string]
  }
}

export interface SigningKeys {
  readonly current: SigningKey
  /** What key sets publish: the current key, the next one, and the one before until it is rolled away. */
  readonly published: readonly SigningKey[]
  /** The next key begins to sign; the one before stays published until the roll after this one. */
  roll(): Promise<void>
}

/** Entra publishes more than one key at any time, so a verifier that takes the first one fails here too. */
export async function createSigningKeys(now: () => number): Promise<SigningKeys> {
  let [current, next] = await Promise.all([createSigningKey(now()), createSigningKey(now())])
  let previous: SigningKey | undefined
  return {
    get current() {
      return current
    },
    get published() {
      return [next, current, previous].filter((key) => key !== undefined)
    },
    async roll() {
      const fresh = await createSigningKey(now())
      previous = current
      current = next
      next = fresh
    },
  }
}

async function createSigningKey(now: number): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const pem = await makeCertificate({
    commonName: 'accounts.emulator.invalid',
    key: privateKey,
    days: 1_826,
    now,
  })
  const { raw, fingerprint } = new X509Certificate(pem)
  const kid = Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url')
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return {
    kid,
    privateKey,
    jwk: { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c: [raw.toString('base64')] },
  }
}
