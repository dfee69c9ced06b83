import type { ServicePrincipal } from '../directory/application.ts'
import type { PrincipalSettings } from '../directory/principals.ts'
import { rolesOf, writeAppRole } from './app-roles.ts'
import type { Occasion } from './credential-rules.ts'
import { writeDate } from './dates.ts'
import { badRequest, invalidValue } from './graph-error.ts'
import { writeKeyCredential } from './key-credential.ts'
import { overwriteKeys } from './key-credentials.ts'
import { merged, plainMembers, sharedMembers } from './manifest.ts'
import { overwriteSecrets, writePasswordCredential } from './password-credential.ts'

/** Entra: the tenant of Microsoft's own applications. */
const microsoftTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

/** Members that mean nothing to the emulator, and what a principal without them shows. */
const plain: Readonly<Record<string, unknown>> = {
  ...sharedMembers,
  alternativeNames: [],
  appDescription: null,
  homepage: null,
  loginUrl: null,
  logoutUrl: null,
  notificationEmailAddresses: [],
  oauth2PermissionScopes: [],
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
  replyUrls: [],
  resourceSpecificApplicationPermissions: [],
  samlSingleSignOnSettings: null,
}

/** @param granted - Values of its roles that somebody has. */
export function writePrincipal(principal: ServicePrincipal, granted: readonly string[], withKeys = false) {
  const { id, application, enabled, assignmentRequired, manifest } = principal
  const { appId, name, identifierUris, homeTenantId, multiTenant } = application
  return {
    id,
    deletedDateTime: null,
    accountEnabled: enabled,
    appDisplayName: name,
    appId,
    appOwnerOrganizationId: homeTenantId ?? microsoftTenantId,
    appRoleAssignmentRequired: assignmentRequired,
    createdDateTime: writeDate(principal.createdAt),
    displayName: name,
    servicePrincipalNames: [appId, ...identifierUris],
    servicePrincipalType: 'Application',
    signInAudience: multiTenant ? 'AzureADMultipleOrgs' : 'AzureADMyOrg',
    ...plain,
    ...manifest,
    appRoles: rolesOf(application, granted).map(writeAppRole),
    keyCredentials: principal.certificates.map((one) => writeKeyCredential(one, withKeys)),
    passwordCredentials: principal.secrets.map((one) => writePasswordCredential(one)),
  }
}

/** @throws GraphError 400 */
export function readPrincipal(
  body: Readonly<Record<string, unknown>>,
  principal: ServicePrincipal,
  occasion: Occasion,
): PrincipalSettings {
  const settings: PrincipalSettings[] = Object.entries(body).map(([name, value]) => {
    switch (name) {
      case 'accountEnabled':
        return { enabled: readFlag(name, value) }
      case 'appRoleAssignmentRequired':
        return { assignmentRequired: readFlag(name, value) }
      case 'keyCredentials':
        return { certificates: overwriteKeys(value, 'ServicePrincipal', occasion) }
      case 'passwordCredentials':
        return { secrets: overwriteSecrets(value, 'ServicePrincipal', principal.secrets) }
    }
    if (!Object.hasOwn(plain, name)) throw badRequest(`Invalid property '${name.slice(0, 80)}'.`)
    return {}
  })
  return Object.assign({}, ...settings, { manifest: merged(principal.manifest, plainMembers(body, plain)) })
}

function readFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidValue(name, 'ServicePrincipal')
  return value
}
