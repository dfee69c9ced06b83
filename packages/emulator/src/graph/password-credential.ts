import { randomBytes, randomUUID } from 'node:crypto'
import { type ClientSecret, secretDigest } from '../directory/client-secret.ts'
import { isObject } from '../directory/definition.ts'
import { judgeNewSecret, type Occasion } from './credential-rules.ts'
import { writeDate } from './dates.ts'
import { invalidValue } from './graph-error.ts'
import { readDisplayName, readInstant } from './key-credential.ts'

/** A client secret as Graph's `passwordCredential`; its text is shown once, when it is made. */
export function writePasswordCredential(secret: ClientSecret, secretText: string | null = null): object {
  const { displayName = null, startsAt, expiresAt, hint = null, keyId } = secret
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime: expiresAt === undefined ? null : writeDate(expiresAt),
    hint,
    keyId,
    secretText,
    startDateTime: startsAt === undefined ? null : writeDate(startsAt),
  }
}

/** Guess: 40 characters, most of them base64url. */
const secretBytes = 30

/** Guess: two years, unless the client says when. */
const defaultLifetimeMs = 2 * 365 * 86_400_000

/**
 * A secret as `addPassword` makes it.
 *
 * @throws GraphError 400
 */
export function newSecret(
  given: unknown,
  resource: string,
  occasion: Occasion,
): { readonly secret: ClientSecret; readonly secretText: string } {
  const said = given ?? {}
  if (!isObject(said)) throw invalidValue('passwordCredential', resource)
  const { displayName, startDateTime, endDateTime } = said
  const startsAt = readInstant(startDateTime) ?? occasion.now
  const expiresAt = readInstant(endDateTime) ?? startsAt + defaultLifetimeMs
  if (expiresAt <= startsAt || expiresAt <= occasion.now) throw invalidValue('endDateTime', resource)
  judgeNewSecret(expiresAt - startsAt, occasion)
  const secretText = randomBytes(secretBytes).toString('base64url')
  const secret = {
    keyId: randomUUID(),
    sha256: secretDigest(secretText),
    displayName: readDisplayName(displayName, resource),
    hint: secretText.slice(0, 3),
    startsAt,
    expiresAt,
  }
  return { secret, secretText }
}

/**
 * What is left after the `passwordCredentials` collection was overwritten: those that come back. Guess: a new secret is
 * made by `addPassword` only, for its text is the service's.
 *
 * @throws GraphError 400
 */
export function overwriteSecrets(
  given: unknown,
  resource: string,
  present: readonly ClientSecret[],
): readonly ClientSecret[] {
  if (!Array.isArray(given)) throw invalidValue('passwordCredentials', resource)
  return given.map((one) => {
    const kept = isObject(one) && present.find(({ keyId }) => keyId === String(one.keyId).toLowerCase())
    if (!kept) throw invalidValue('passwordCredentials', resource)
    return kept
  })
}
