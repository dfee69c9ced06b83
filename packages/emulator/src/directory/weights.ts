import type { Application, CredentialHolder, ServicePrincipal } from './application.ts'
import { DefinitionError } from './definition.ts'
import type { Records } from './records.ts'

/** Bytes, about. Entra: it was seen with more than 600 certificates on one object. Guess: where the limit is. */
const largestObject = 524_288

/** Bytes, about: some ten thousand apps, so that what is exported can be imported. */
const largestDirectory = 16_777_216

/** An object would be larger than one may be, or the directory than all of them together. It is not changed. */
export class LimitError extends DefinitionError {
  readonly of: 'object' | 'directory'

  constructor(of: LimitError['of'], limit: number) {
    super('directory:', `${of === 'object' ? 'the object' : 'all of it'} would be larger than ${limit} bytes`)
    this.of = of
  }
}

/**
 * Takes note of how large an object is, or would be with these changes. Whoever calls it makes them, or adds the object.
 *
 * @throws LimitError
 */
export function weigh<T extends Application | ServicePrincipal>(
  { weights }: Records,
  object: T,
  changes: Partial<T> = {},
): void {
  const weight = weightOf({ ...object, ...changes })
  if (weight > largestObject) throw new LimitError('object', largestObject)
  const all = weights.all - (weights.of.get(object) ?? 0) + weight
  if (all > largestDirectory) throw new LimitError('directory', largestDirectory)
  weights.of.set(object, weight)
  weights.all = all
}

/** Of an object that is gone. */
export function forget({ weights }: Records, object: Application | ServicePrincipal): void {
  weights.all -= weights.of.get(object) ?? 0
  weights.of.delete(object)
}

/** Of an object's ids, dates and switches. */
const least = 512

function weightOf(object: CredentialHolder & Partial<Application & ServicePrincipal>): number {
  const {
    certificates,
    secrets,
    owners,
    manifest,
    name,
    identifierUris,
    appRoles,
    trustedSubjects = [],
  } = object
  const roles = [...(object.roles ?? [])].map(([appId, granted]) => [appId, ...granted])
  const members = [secrets, owners, manifest, name, identifierUris, appRoles, roles]
  const x509 = [...certificates, ...trustedSubjects.map(({ authority }) => ({ x509: authority }))]
  return x509.reduce((sum, one) => sum + one.x509.raw.length, least + JSON.stringify(members).length)
}
