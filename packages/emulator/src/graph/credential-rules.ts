import {
  type CredentialRestrictions,
  durationMs,
  noRestrictions,
  type Restriction,
} from '../directory/app-management-policy.ts'
import type { Application, ServicePrincipal, Tenant } from '../directory/application.ts'
import type { RegisteredCertificate } from '../directory/registered-certificate.ts'
import { GraphError } from './graph-error.ts'

/** Whom a credential is for, and when. */
export interface Occasion {
  readonly tenant: Tenant
  readonly object: Application | ServicePrincipal
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * A new certificate lies within its own validity, has not ended, and lives no longer than the tenant's policy lets it.
 *
 * @throws GraphError 400
 */
export function judgeNewKey({ x509, notBefore, notAfter }: RegisteredCertificate, occasion: Occasion): void {
  if (notBefore < Date.parse(x509.validFrom) || notBefore > notAfter)
    throw new GraphError(400, 'KeyCredentialsInvalidStartDate', 'Key credential start date is invalid.')
  if (notAfter > Date.parse(x509.validTo) || notAfter <= occasion.now)
    throw new GraphError(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.')
  judgeLifetime(occasion, 'keyCredentials', 'asymmetricKeyLifetime', notAfter - notBefore)
}

/** As for a key: a policy may forbid secrets, or limit their life. */
export function judgeNewSecret(lifetimeMs: number, occasion: Occasion): void {
  if (binding(occasion, 'passwordCredentials', 'passwordAddition').length > 0)
    throw new GraphError(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      'Credential type is not allowed as per assigned policy.',
    )
  judgeLifetime(occasion, 'passwordCredentials', 'passwordLifetime', lifetimeMs)
}

function judgeLifetime(
  occasion: Occasion,
  credentials: 'keyCredentials' | 'passwordCredentials',
  type: string,
  lifetimeMs: number,
): void {
  const limits = binding(occasion, credentials, type).map(({ maxLifetime }) => durationMs(maxLifetime ?? ''))
  if (limits.some((limit) => limit !== undefined && lifetimeMs > limit))
    throw new GraphError(
      400,
      'CredentialInvalidLifetimeAsPerAppPolicy',
      'Credential lifetime exceeds the max value allowed as per assigned policy.',
    )
}

/** The restrictions of this type that hold for the object. */
function binding(
  { tenant, object }: Occasion,
  credentials: 'keyCredentials' | 'passwordCredentials',
  type: string,
): readonly Restriction[] {
  return restrictionsOf(tenant, object)[credentials].filter(
    ({ restrictionType, state, restrictForAppsCreatedAfterDateTime: after }) =>
      restrictionType === type &&
      state === 'enabled' &&
      (after === null || object.createdAt > Date.parse(after)),
  )
}

/**
 * Entra: an object with a policy of its own inherits nothing from the tenant's. Guess: it does where that policy is not
 * enabled.
 */
function restrictionsOf(
  { policy, assignedPolicies }: Tenant,
  object: Application | ServicePrincipal,
): CredentialRestrictions {
  const id = 'application' in object ? object.id : object.objectId
  const own = assignedPolicies.find(({ isEnabled, appliesTo }) => isEnabled && appliesTo.includes(id))
  if (own !== undefined) return own.restrictions
  if (!policy.isEnabled) return noRestrictions
  return 'application' in object ? policy.servicePrincipalRestrictions : policy.applicationRestrictions
}
