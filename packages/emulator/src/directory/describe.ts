import type { Application, Tenant } from './application.ts'
import type { Directory } from './directory.ts'
import type { RegisteredCertificate } from './registered-certificate.ts'

/** A registered certificate as JSON. */
export interface DescribedCertificate {
  readonly keyId: string
  /** One line, as the portal shows it: `CN=demo-daemon`. */
  readonly displayName: string
  /** Upper case, as the portal shows it. */
  readonly thumbprintSha1Hex: string
  /** base64url, `x5t`. */
  readonly thumbprintSha1: string
  /** base64url, `x5t#S256`. */
  readonly thumbprintSha256: string
  /** ISO 8601, as for the end. */
  readonly startDateTime: string
  readonly endDateTime: string
  /** ISO 8601; undefined for one that a seed brought. */
  readonly registeredAt: string | undefined
}

export function describeCertificate(certificate: RegisteredCertificate): DescribedCertificate {
  const { keyId, displayName, thumbprintSha1Hex, thumbprintSha256, notBefore, notAfter, registeredAt } =
    certificate
  return {
    keyId,
    displayName,
    thumbprintSha1Hex,
    thumbprintSha1: Buffer.from(thumbprintSha1Hex, 'hex').toString('base64url'),
    thumbprintSha256,
    startDateTime: new Date(notBefore).toISOString(),
    endDateTime: new Date(notAfter).toISOString(),
    registeredAt: registeredAt === 0 ? undefined : new Date(registeredAt).toISOString(),
  }
}

/** The directory as JSON for people and tools: public parts only, secrets counted and not shown. */
export function describeDirectory(directory: Directory): object {
  return {
    tenants: directory.tenants().map((tenant) => {
      const { id, displayName, domains, region } = tenant
      const apps = directory.applicationsOf(tenant).map((app) => describeApp(directory, tenant, app))
      return { id, displayName, domains, region, apps }
    }),
  }
}

function describeApp(directory: Directory, tenant: Tenant, application: Application): object {
  const { appId, objectId, name, identifierUris, accessTokenVersion, appRoles } = application
  const principal = directory.findPrincipal(tenant, appId)
  const granted = [...(principal?.roles ?? [])]
  return {
    name,
    appId,
    objectId,
    servicePrincipalId: principal?.id,
    enabled: principal?.enabled,
    assignmentRequired: principal?.assignmentRequired,
    identifierUris,
    accessTokenVersion,
    appRoles: appRoles?.map(({ value }) => value),
    secrets: application.secrets.length,
    certificates: application.certificates.map(describeCertificate),
    grants: granted.flatMap(([resourceAppId, roles]) => [...roles].map((role) => ({ resourceAppId, role }))),
  }
}
