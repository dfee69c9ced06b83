import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Client,
  type ClientOptions,
  createClient,
  generateCertificate,
  type LoadedCredential,
  loadCredential,
} from 'x5t'

/** The client that servers of `private_key_jwt` (RFC 7523) are set up with. */
export const clientId = 'billing'

export async function newCredential(): Promise<LoadedCredential> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: clientId })
  return loadCredential({ pem: privateKeyPem + certificatePem })
}

/** What a test says of its client beside the usual. */
export type More = Partial<ClientOptions> & { readonly audience?: string }

/** A client of a server on loopback. */
export function connect(tokenEndpoint: string, credential: LoadedCredential, more: More): Client {
  return createClient({ tokenEndpoint, allowHttpAuthority: true, clientId, credential, ...more })
}

/** @param expected - Members of each answer. */
export function testTaken(options: {
  readonly scope: string
  readonly algorithms: readonly ('PS256' | 'RS256')[]
  readonly connect: (more: More) => Client
  readonly expected: Readonly<Record<string, unknown>>
}): void {
  const { scope, algorithms, expected } = options
  for (const algorithm of algorithms) {
    test(`our ${algorithm} assertion is taken, a new one each time`, async () => {
      const client = options.connect({ algorithm })
      const first = await client.getTokenResponse({ scope })
      const second = await client.getTokenResponse({ scope })
      for (const answer of [first, second]) assert.deepEqual({ ...answer, ...expected }, answer)
      assert.notEqual(first.access_token, second.access_token)
    })
  }
}
