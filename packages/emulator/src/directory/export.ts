import { noPolicy } from './app-management-policy.ts'
import { writeAppRole } from './app-role.ts'
import type { Application, ServicePrincipal, Tenant } from './application.ts'
import { writeSecret } from './client-secret.ts'
import type { Directory } from './directory.ts'
import type { RoleGrant, SeedApp } from './new-app.ts'
import { writeCertificate } from './registered-certificate.ts'
import { type Seed, type SeedServicePrincipal, type SeedTenant, seedVersion } from './seed.ts'

/**
 * The directory as the seed that would plant it again, ids and all. Holds no private key, and secrets as digests only.
 * What follows from the rest is left out, so that the text is short and changes only where the directory does.
 */
export function exportSeed(directory: Directory): Seed {
  return {
    version: seedVersion,
    tenants: directory.tenants().map((tenant) => writeTenant(directory, tenant)),
  }
}

function writeTenant(directory: Directory, tenant: Tenant): SeedTenant {
  const { id, domains, displayName, region, createdAt, policy, assignedPolicies } = tenant
  const written = directory.applicationsOf(tenant).map((application) => ({
    application,
    own: ownPrincipal(directory, tenant, application),
  }))
  const told = new Set(written.map(({ own }) => own))
  const others = directory.principalsOf(tenant).filter((one) => !told.has(one) && !isAsPlanted(one))
  return {
    id,
    ...unlessEmpty('domains', domains),
    displayName,
    ...(region === 'WW' ? {} : { region }),
    createdDateTime: iso(createdAt),
    ...(policy === noPolicy ? {} : { appManagementPolicy: policy }),
    ...unlessEmpty('assignedPolicies', assignedPolicies),
    ...unlessEmpty(
      'apps',
      written.map(({ application, own }) => writeApp(application, own)),
    ),
    ...unlessEmpty('servicePrincipals', others.map(writePrincipal)),
  }
}

/** The principal that an app of a seed brings along; undefined where it has none, or one that needs more words. */
function ownPrincipal(
  directory: Directory,
  tenant: Tenant,
  application: Application,
): ServicePrincipal | undefined {
  const found = directory.findPrincipal(tenant, application.appId)
  if (found?.application !== application) return undefined
  const { certificates, secrets, owners, manifest, createdAt } = found
  const plain = certificates.length + secrets.length + Object.keys(manifest).length === 0
  return plain && createdAt === application.createdAt && sameTexts(owners, application.owners)
    ? found
    : undefined
}

/** One of Microsoft's own principals that nobody touched. */
function isAsPlanted(principal: ServicePrincipal): boolean {
  const { id, application, ...said } = writePrincipalWhole(principal)
  return application.homeTenantId === undefined && Object.keys(said).length === 0
}

function writeApp(application: Application, own: ServicePrincipal | undefined): SeedApp {
  const { appId, name, objectId, identifierUris, accessTokenVersion, appRoles, trustedSubjects } = application
  return {
    name,
    appId,
    objectId,
    ...(own === undefined ? { withoutServicePrincipal: true } : { servicePrincipalId: own.id }),
    createdDateTime: iso(application.createdAt),
    ...(sameTexts(identifierUris, [`api://${appId}`]) ? {} : { identifierUris }),
    ...(accessTokenVersion === 1 ? {} : { accessTokenVersion }),
    ...unlessEmpty(
      'appRoles',
      (appRoles ?? []).map((role) => writeAppRole(appId, role)),
    ),
    ...unlessEmpty('optionalClaims', application.optionalClaims.filter(isSeedClaim)),
    ...(application.multiTenant ? { multiTenant: true } : {}),
    ...(application.publicClient ? { publicClient: true } : {}),
    ...unlessEmpty('certificates', application.certificates.map(writeCertificate)),
    ...unlessEmpty('secrets', application.secrets.map(writeSecret)),
    ...unlessEmpty(
      'trustedSubjects',
      trustedSubjects.map(({ subjectName, authority }) => ({
        subjectName,
        authority: authority.raw.toString('base64'),
      })),
    ),
    ...unlessEmpty('owners', application.owners),
    ...(Object.keys(application.manifest).length === 0 ? {} : { manifest: application.manifest }),
    ...(own === undefined ? {} : writeSwitches(own)),
    ...unlessEmpty('grants', own === undefined ? [] : writeGrants(own)),
  }
}

function writePrincipal(principal: ServicePrincipal): SeedServicePrincipal {
  const { application, id, ...said } = writePrincipalWhole(principal)
  const { appId, homeTenantId } = application
  return homeTenantId === undefined
    ? { appId, ...said }
    : { appId, id, createdDateTime: iso(principal.createdAt), ...said }
}

function writePrincipalWhole(principal: ServicePrincipal) {
  const { id, application, certificates, secrets, owners, manifest } = principal
  return {
    id,
    application,
    ...writeSwitches(principal),
    ...unlessEmpty('certificates', certificates.map(writeCertificate)),
    ...unlessEmpty('secrets', secrets.map(writeSecret)),
    ...unlessEmpty('owners', owners),
    ...(Object.keys(manifest).length === 0 ? {} : { manifest }),
    ...unlessEmpty('grants', writeGrants(principal)),
  }
}

function writeSwitches({ enabled, assignmentRequired, blockedByConditionalAccess }: ServicePrincipal) {
  return {
    ...(enabled ? {} : { disabled: true }),
    ...(assignmentRequired ? { assignmentRequired } : {}),
    ...(blockedByConditionalAccess ? { blockedByConditionalAccess } : {}),
  }
}

function writeGrants({ roles }: ServicePrincipal): readonly RoleGrant[] {
  return [...roles].flatMap(([resourceAppId, granted]) =>
    [...granted].map((role) => ({ resourceAppId, role })),
  )
}

const isSeedClaim = (claim: string): claim is 'idtyp' | 'xms_cc' => claim === 'idtyp' || claim === 'xms_cc'

const iso = (epochMs: number): string => new Date(epochMs).toISOString()

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index])

function unlessEmpty<Name extends string, T>(
  name: Name,
  values: readonly T[],
): { [Key in Name]?: readonly T[] } {
  return values.length === 0 ? {} : ({ [name]: values } as { [Key in Name]: readonly T[] }) // as: a computed name widens to string
}
