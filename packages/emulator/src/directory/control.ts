import type { Application, Tenant } from './application.ts'
import { DefinitionError, guid, optional, record, text } from './definition.ts'
import { type DescribedCertificate, describeCertificate } from './describe.ts'
import type { Directory } from './directory.ts'
import { exportSeed } from './export.ts'
import { readNewApp } from './new-app.ts'
import { certificate } from './registered-certificate.ts'
import { replant, type Seed } from './seed.ts'

/**
 * What a running emulator can be told to change. Arguments come from code and from JSON alike, so each is read before
 * it is believed: DefinitionError for what is wrong, NotFoundError for what is not there.
 */
export interface Control {
  addApp(given: unknown): AddedApp
  addCertificate(given: unknown): DescribedCertificate
  removeCertificate(given: unknown): void
  grantRole(given: unknown): void
  removeApp(given: unknown): void
  /** The whole directory as the seed that would plant it again. Secrets are digests. */
  exportSeed(): Seed
  /** Replaces the whole directory by a seed's tenants; nothing changes where it does not hold. */
  importSeed(given: unknown): void
  /** Back to the seed that the emulator was started with. */
  reset(): void
}

export interface AddedApp {
  readonly appId: string
  /** Of the application. */
  readonly objectId: string
  /** Object id of the service principal: `oid` and `sub` of its tokens. Undefined where it was to have none. */
  readonly servicePrincipalId: string | undefined
}

/** A change that is well formed, but about something that is not there. */
export class NotFoundError extends RangeError {
  override readonly name = 'NotFoundError'
}

const tenantId = optional(guid, undefined)
const readCertificateToAdd = record({ appId: guid, tenantId, certificate })
const readCertificateToRemove = record({ appId: guid, tenantId, keyId: guid })
const readAppToRemove = record({ appId: guid, tenantId })
const readGrant = record({ clientAppId: guid, tenantId, resourceAppId: guid, role: text })

/**
 * @param seed - What `reset` goes back to.
 * @param now - Epoch milliseconds.
 */
export function createControl(directory: Directory, seed: unknown, now: () => number): Control {
  /** The tenant matters only where several have the application. */
  function registered(appId: string, tenantId: string | undefined): Application {
    const found = directory
      .registrations(appId)
      .filter(({ homeTenantId }) => tenantId === undefined || homeTenantId === tenantId)
    const [application] = found
    if (application === undefined) throw new NotFoundError(`no app ${appId} in the emulator`)
    if (found.length > 1)
      throw new DefinitionError('tenantId', `app ${appId} is in ${found.length} tenants; name one`)
    return application
  }

  function homeOf({ appId, homeTenantId }: Application): Tenant {
    const tenant = directory.findTenant(homeTenantId ?? '')
    if (tenant === undefined) throw new NotFoundError(`app ${appId} has no tenant in the emulator`)
    return tenant
  }

  return {
    addApp(given) {
      const { tenantId, ...app } = readNewApp(given, 'app:')
      const tenant = tenantId === undefined ? directory.tenants()[0] : directory.findTenant(tenantId)
      if (tenant === undefined) throw new NotFoundError(`no tenant ${tenantId} in the emulator`)
      app.grants.forEach((grant, index) => {
        directory.checkGrant(tenant, grant, `app: grants[${index}]`)
      })
      return directory.change(() => {
        // A seed's certificates have always been there; these have not.
        const certificates = app.certificates.map((one) => ({
          ...one,
          registeredAt: one.registeredAt || now(),
        }))
        const { application, principal } = directory.addApp(tenant, { ...app, certificates }, 'app:')
        const { appId, objectId } = application
        try {
          for (const grant of app.grants) directory.grantRole(tenant, appId, grant, 'app:')
        } catch (error) {
          directory.removeApplication(tenant, application)
          throw error
        }
        return { appId, objectId, servicePrincipalId: principal?.id }
      })
    },
    addCertificate(given) {
      const { appId, tenantId, certificate: x509 } = readCertificateToAdd(given, 'certificate:')
      return describeCertificate(directory.addCertificate(registered(appId, tenantId), x509))
    },
    removeCertificate(given) {
      const { appId, tenantId, keyId } = readCertificateToRemove(given, 'certificate:')
      if (!directory.removeCertificate(registered(appId, tenantId), keyId))
        throw new NotFoundError(`no certificate ${keyId} on app ${appId}`)
    },
    grantRole(given) {
      const { clientAppId, tenantId, ...grant } = readGrant(given, 'role:')
      directory.grantRole(homeOf(registered(clientAppId, tenantId)), clientAppId, grant, 'role:')
    },
    removeApp(given) {
      const { appId, tenantId } = readAppToRemove(given, 'app:')
      const application = registered(appId, tenantId)
      directory.removeApplication(homeOf(application), application)
    },
    exportSeed: () => exportSeed(directory),
    importSeed: (given) => replant(directory, given, now, 'import:'),
    reset: () => replant(directory, seed, now),
  }
}
