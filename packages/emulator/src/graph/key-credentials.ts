import { type RegisteredCertificate, register } from '../directory/registered-certificate.ts'
import { judgeNewKey, type Occasion } from './credential-rules.ts'
import { badRequest, invalidValue } from './graph-error.ts'
import { type GivenKey, readKeyCredential } from './key-credential.ts'

/**
 * What a holder has after its whole `keyCredentials` collection was overwritten: entries that are left out are gone,
 * those that come back as they were read (`"key": null`) are kept, and all others are new.
 *
 * @throws GraphError 400
 */
export function overwriteKeys(
  given: unknown,
  resource: string,
  occasion: Occasion,
): readonly RegisteredCertificate[] {
  if (!Array.isArray(given)) throw invalidValue('keyCredentials', resource)
  const present = occasion.object.certificates
  const keys = given.map((one) => {
    const key = readKeyCredential(one, resource)
    const kept = present.find(({ keyId }) => keyId === key.keyId)
    return kept === undefined ? newKey(key, resource, occasion) : unchanged(kept, key)
  })
  refuseDuplicates(keys, resource)
  return keys
}

/** @throws GraphError 400 where the key is not there, or does not hold. */
export function newKey(key: GivenKey, resource: string, occasion: Occasion): RegisteredCertificate {
  const { x509, ...said } = key
  if (x509 === undefined) throw invalidValue('keyCredentials', resource)
  const added = register(x509, { ...said, registeredAt: occasion.now })
  judgeNewKey(added, occasion)
  return added
}

/** Guess: the service has no words for these that were seen. */
export function refuseDuplicates(keys: readonly RegisteredCertificate[], resource: string): void {
  const ids = new Set(keys.map(({ keyId }) => keyId))
  const thumbprints = new Set(keys.map(({ thumbprintSha256 }) => thumbprintSha256))
  if (ids.size < keys.length || thumbprints.size < keys.length) throw invalidValue('keyCredentials', resource)
}

/** Guess: a key that is there can be named anew and nothing else; what is left out stays. */
function unchanged(
  kept: RegisteredCertificate,
  { x509, notBefore, notAfter, ...said }: GivenKey,
): RegisteredCertificate {
  const differs =
    (x509 !== undefined && !x509.raw.equals(kept.x509.raw)) ||
    !sameSecond(notBefore ?? kept.notBefore, kept.notBefore) ||
    !sameSecond(notAfter ?? kept.notAfter, kept.notAfter)
  if (differs) throw badRequest(`Update to existing credential with KeyId '${kept.keyId}' is not allowed.`)
  return { ...kept, displayName: said.displayName ?? kept.displayName }
}

/** Clients that read dates and write them back drop fractions. */
const sameSecond = (one: number, other: number): boolean =>
  Math.floor(one / 1000) === Math.floor(other / 1000)
