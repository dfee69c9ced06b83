import type { Tenant } from '../directory/application.ts'
import type { Directory } from '../directory/directory.ts'
import { isGuid } from '../guid.ts'
import { type PreparedRefusal, refusal } from '../refusal/refusal.ts'
import type { Examination } from './examination.ts'
import type { Hearing } from './hearing.ts'

/** Names in the place of a tenant that mean no tenant in particular. */
export const sharedTenants: readonly string[] = ['common', 'organizations', 'consumers']

const domainShape = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i

/** The tenant that a path names. */
export function findTenant(examination: Examination, directory: Directory, name: string): Tenant {
  examination.require('the tenant holds no placeholder', !/[<>]/.test(name), refusal(90013), { found: name })
  const wellFormed = isGuid(name) || domainShape.test(name)
  examination.require('the tenant is a GUID or a domain', wellFormed, refusal(900023, { tenant: name }), {
    found: name,
  })
  const tenant = directory.findTenant(name)
  examination.require('the tenant is known', tenant, refusal(90002, { tenant: name }), { found: name })
  return tenant
}

/** The tenant of a token request: a client acts in one directory, so `common` and its like are refused. */
export function judgeTenant(hearing: Hearing): Tenant {
  const { tenant } = hearing.request
  const shared = sharedTenants.includes(tenant.toLowerCase())
  hearing.require('the path names one tenant', !shared, noOneTenant(hearing), { found: tenant })
  return findTenant(hearing, hearing.directory, tenant)
}

/** Entra: told otherwise where the client has one tenant and could have known. */
function noOneTenant({ directory, request }: Hearing): PreparedRefusal {
  const registrations = directory.registrations(request.form.fields.get('client_id') ?? '')
  const single = registrations.find(({ multiTenant }) => !multiTenant)
  if (single === undefined) return refusal(50059)
  return refusal(50194, { appId: single.appId, appName: single.name })
}
