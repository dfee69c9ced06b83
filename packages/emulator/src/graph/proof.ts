import type { CredentialHolder } from '../directory/application.ts'
import {
  type SignatureAlgorithm,
  signatureAlgorithms,
  signatureHolds,
} from '../judge/assertion/algorithms.ts'
import { type Jws, parseJws } from '../judge/assertion/jws.ts'
import { matches, thumbprintsOf } from '../judge/assertion/thumbprints.ts'
import { GraphError } from './graph-error.ts'

/** Entra: Azure AD Graph, which is gone in all else; not Microsoft Graph's 00000003. */
const audience = '00000002-0000-0000-c000-000000000000'

/** Entra: not more than ten minutes. */
const longestSeconds = 600

/** Clocks differ. A guess: as for client assertions. */
const skewSeconds = 300

/**
 * Proof of possession for `addKey` and `removeKey`: a JWT that names the object as its issuer, signed by the key of a
 * certificate that is on the object and valid now.
 *
 * @param issuer - Object id of the application or service principal.
 * @param now - Epoch milliseconds.
 * @throws GraphError 401, the same for every fault. Entra: its text speaks of the access token and means the proof.
 */
export async function requireProof(
  proof: unknown,
  {
    holder,
    issuer,
    now,
  }: { readonly holder: CredentialHolder; readonly issuer: string; readonly now: number },
): Promise<void> {
  const jws = typeof proof === 'string' ? parseJws(proof) : undefined
  const algorithm = signatureAlgorithms.get('RS256')
  if (
    jws === undefined ||
    algorithm === undefined ||
    !saysSo(jws, issuer, now) ||
    !(await isSigned(jws, holder, now, algorithm))
  )
    throw new GraphError(401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.')
}

function saysSo({ header, claims }: Jws, issuer: string, now: number): boolean {
  const { aud, iss, nbf, exp } = claims
  const seconds = now / 1000
  return (
    // Guess: PS256 is not documented for proofs.
    header.alg === 'RS256' &&
    aud === audience &&
    iss === issuer &&
    typeof nbf === 'number' &&
    typeof exp === 'number' &&
    exp - nbf > 0 &&
    exp - nbf <= longestSeconds &&
    nbf <= seconds + skewSeconds &&
    seconds < exp + skewSeconds
  )
}

/** A header that names a key means that one. Guess: one that names none means any. */
async function isSigned(
  jws: Jws,
  { certificates }: CredentialHolder,
  now: number,
  algorithm: SignatureAlgorithm,
): Promise<boolean> {
  const thumbprints = thumbprintsOf(jws.header)
  const candidates = certificates.filter(
    (one) => one.notBefore <= now && now <= one.notAfter && (!thumbprints.named || matches(one, thumbprints)),
  )
  const signed = await Promise.all(candidates.map((one) => signatureHolds(jws, one.publicKey, algorithm)))
  return signed.includes(true)
}
