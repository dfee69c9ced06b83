import {
  DefinitionError,
  flag,
  instant,
  list,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from './definition.ts'

/** Which credentials a tenant lets its applications have; Graph's `defaultAppManagementPolicy`, in its JSON. */
export interface AppManagementPolicy {
  readonly isEnabled: boolean
  readonly applicationRestrictions: CredentialRestrictions
  readonly servicePrincipalRestrictions: CredentialRestrictions
}

export interface CredentialRestrictions {
  readonly passwordCredentials: readonly Restriction[]
  readonly keyCredentials: readonly Restriction[]
}

export interface Restriction {
  readonly restrictionType: string
  readonly state: 'enabled' | 'disabled'
  /** ISO 8601 duration, such as `P90D`; null where the type needs none. */
  readonly maxLifetime: string | null
  /** ISO 8601; older applications are free of it. Null: all are bound. */
  readonly restrictForAppsCreatedAfterDateTime: string | null
}

const duration: Reader<string> = (value, path) => {
  const given = text(value, path)
  if (durationMs(given) === undefined) throw new DefinitionError(path, 'expected a duration such as P90D')
  return given
}

const date: Reader<string> = (value, path) => {
  instant(value, path)
  return text(value, path)
}

function restrictions(...types: readonly string[]): Reader<readonly Restriction[]> {
  const read = list(
    record({
      restrictionType: oneOf(...types),
      state: optional(oneOf('enabled', 'disabled'), 'enabled' as const),
      maxLifetime: optional(duration, null),
      restrictForAppsCreatedAfterDateTime: optional(date, null),
    }),
  )
  return optional((value, path) => {
    const given = read(value, path)
    if (given.length > mostRestrictions)
      throw new DefinitionError(path, `expected at most ${mostRestrictions}`)
    return given
  }, [])
}

/** Of a kind of credential in one policy: more than there are types and dates that make sense. */
const mostRestrictions = 20

export const noRestrictions: CredentialRestrictions = { passwordCredentials: [], keyCredentials: [] }

export const restrictionsOf = optional(
  record({
    // Only the first two bind anything here: secrets are the service's own, and there are no symmetric keys.
    passwordCredentials: restrictions(
      'passwordAddition',
      'passwordLifetime',
      'customPasswordAddition',
      'symmetricKeyAddition',
      'symmetricKeyLifetime',
    ),
    keyCredentials: restrictions('asymmetricKeyLifetime'),
  }),
  noRestrictions,
)

/** A tenant without a policy of its own forbids nothing. */
export const noPolicy: AppManagementPolicy = {
  isEnabled: false,
  applicationRestrictions: noRestrictions,
  servicePrincipalRestrictions: noRestrictions,
}

export const appManagementPolicy = record({
  isEnabled: optional(flag, false),
  applicationRestrictions: restrictionsOf,
  servicePrincipalRestrictions: restrictionsOf,
})

/** A year counts 365 days and a month 30. @returns Milliseconds; undefined for what is no duration. */
export function durationMs(iso8601: string): number | undefined {
  const found =
    /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      iso8601,
    )
  if (found === null) return undefined
  const seconds = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1]
  return seconds.reduce((sum, unit, index) => sum + unit * Number(found[index + 1] ?? 0), 0) * 1000
}
