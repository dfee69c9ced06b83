import type { Application, OptionalClaim, Tenant } from '../directory/application.ts'
import type { ApplicationSettings } from '../directory/applications.ts'
import { isObject } from '../directory/definition.ts'
import { readAppRoles, writeAppRole } from './app-roles.ts'
import type { Occasion } from './credential-rules.ts'
import { writeDate } from './dates.ts'
import { badRequest, invalidValue } from './graph-error.ts'
import { writeKeyCredential } from './key-credential.ts'
import { overwriteKeys } from './key-credentials.ts'
import { merged, plainMembers, sharedMembers } from './manifest.ts'
import { overwriteSecrets, writePasswordCredential } from './password-credential.ts'

/** Members that mean nothing to the emulator, and what an application without them shows. */
const plain: Readonly<Record<string, unknown>> = {
  ...sharedMembers,
  certification: null,
  defaultRedirectUri: null,
  groupMembershipClaims: null,
  isDeviceOnlyAuthSupported: null,
  isFallbackPublicClient: null,
  nativeAuthenticationApisEnabled: null,
  optionalClaims: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  publicClient: { redirectUris: [] },
  requestSignatureVerification: null,
  requiredResourceAccess: [],
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  spa: { redirectUris: [] },
  uniqueName: null,
  web: {
    homePageUrl: null,
    logoutUrl: null,
    redirectUris: [],
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    redirectUriSettings: [],
  },
}

const api = {
  acceptMappedClaims: null,
  knownClientApplications: [],
  oauth2PermissionScopes: [],
  preAuthorizedApplications: [],
}

const readOnly: ReadonlySet<string> = new Set([
  'id',
  'appId',
  'createdDateTime',
  'deletedDateTime',
  'publisherDomain',
])

/** An application as Graph shows it. `withKeys`: the certificates too, which it shows only when asked for them alone. */
export function writeApplication(application: Application, tenant: Tenant, withKeys = false) {
  const { objectId, appId, name, identifierUris, multiTenant, accessTokenVersion, manifest } = application
  return {
    id: objectId,
    deletedDateTime: null,
    appId,
    createdDateTime: writeDate(application.createdAt),
    displayName: name,
    identifierUris,
    publisherDomain: tenant.domains[0] ?? null,
    signInAudience: multiTenant ? 'AzureADMultipleOrgs' : 'AzureADMyOrg',
    ...plain,
    ...manifest,
    api: {
      ...api,
      ...(isObject(manifest.api) ? manifest.api : {}),
      // Entra: no number and 1 mean the same.
      requestedAccessTokenVersion: accessTokenVersion === 1 ? null : accessTokenVersion,
    },
    appRoles: (application.appRoles ?? []).map(writeAppRole),
    keyCredentials: application.certificates.map((one) => writeKeyCredential(one, withKeys)),
    passwordCredentials: application.secrets.map((one) => writePasswordCredential(one)),
  }
}

/**
 * What a body changes of an application.
 *
 * @throws GraphError 400 for members that there are not, that cannot be set, or whose value does not hold.
 */
export function readApplication(
  body: Readonly<Record<string, unknown>>,
  application: Application,
  occasion: Occasion,
): ApplicationSettings {
  for (const name of Object.keys(body)) {
    if (readOnly.has(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`)
    if (!Object.hasOwn(readers, name) && !Object.hasOwn(plain, name))
      throw badRequest(`Invalid property '${name.slice(0, 80)}'.`)
  }
  const settings = Object.entries(readers)
    .filter(([name]) => Object.hasOwn(body, name))
    .map(([name, read]) => read(body[name], application, occasion))
  const manifest = merged(
    application.manifest,
    Object.assign({}, plainMembers(body, plain), ...settings.map((one) => one.manifest ?? {})),
  )
  return Object.assign({}, ...settings, { manifest })
}

type MemberReader = (value: unknown, application: Application, occasion: Occasion) => ApplicationSettings

const readers: Readonly<Record<string, MemberReader>> = {
  displayName(value) {
    if (typeof value !== 'string' || value === '' || value.length > 256)
      throw invalidValue('displayName', 'Application')
    return { name: value }
  },
  identifierUris(value) {
    if (
      !Array.isArray(value) ||
      !value.every((uri) => typeof uri === 'string' && /^(?=.{1,255}$)[a-z][a-z0-9+.-]*:\S+$/i.test(uri))
    )
      throw invalidValue('identifierUris', 'Application')
    return { identifierUris: value }
  },
  signInAudience(value) {
    const audiences = ['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount']
    if (typeof value !== 'string' || !audiences.includes(value))
      throw invalidValue('signInAudience', 'Application')
    return { multiTenant: value !== 'AzureADMyOrg', manifest: { signInAudience: value } }
  },
  api(value) {
    if (!isObject(value)) throw invalidValue('api', 'Application')
    const { requestedAccessTokenVersion: version, ...kept } = value
    if (![undefined, null, 1, 2].some((one) => one === version)) throw invalidValue('api', 'Application')
    return {
      ...(version === undefined ? {} : { accessTokenVersion: version === 2 ? 2 : 1 }),
      manifest: { api: kept },
    }
  },
  appRoles: (value, { appId }) => ({ appRoles: readAppRoles(value, appId) }),
  optionalClaims: (value) => ({ optionalClaims: claimsOf(value), manifest: { optionalClaims: value } }),
  keyCredentials: (value, _application, occasion) => ({
    certificates: overwriteKeys(value, 'Application', occasion),
  }),
  passwordCredentials: (value, { secrets }) => ({ secrets: overwriteSecrets(value, 'Application', secrets) }),
}

/** Of an API's optional claims for access tokens, those that the emulator issues. */
function claimsOf(value: unknown): readonly OptionalClaim[] {
  const accessToken = isObject(value) && Array.isArray(value.accessToken) ? value.accessToken : []
  const names = accessToken.map((one: unknown) => (isObject(one) ? one.name : undefined))
  return (['idtyp', 'xms_cc'] as const).filter((name) => names.includes(name))
}
