import type { Tenant } from '../directory/application.ts'
import { isPlaceholderGuid } from '../guid.ts'
import { refusal } from '../refusal/refusal.ts'
import { basicCredentials } from './client-secret.ts'
import type { Client, Hearing } from './hearing.ts'

/** Who asks: an application that is registered and enabled in the tenant. */
export function judgeClient(hearing: Hearing, tenant: Tenant): Client {
  const { directory, request } = hearing
  const basicId = basicCredentials(request.authorization)?.clientId
  const formId = request.form.fields.get('client_id')
  const clientId = formId ?? basicId
  hearing.require('client_id is there', clientId, refusal(900144, { field: 'client_id' }))
  hearing.require(
    'client_id is the same everywhere',
    basicId === undefined || basicId.toLowerCase() === clientId.toLowerCase(),
    refusal(7000110, { first: clientId, second: basicId ?? '' }),
  )
  hearing.require(
    'client_id can be an application',
    !isPlaceholderGuid(clientId),
    refusal(700038, { appId: clientId }),
    { found: clientId },
  )
  const registrations = directory.registrations(clientId)
  const application =
    registrations.find(({ homeTenantId }) => homeTenantId === tenant.id) ??
    registrations.find(({ multiTenant }) => multiTenant)
  hearing.require(
    'the application is known in the tenant',
    application,
    refusal(700016, { appId: clientId, tenant: tenant.displayName }),
    { found: clientId },
  )
  const { appId, name: appName } = application
  const principal = directory.findPrincipal(tenant, appId)
  hearing.require(
    'the application has a service principal in the tenant',
    principal,
    refusal(7000229, { appId, tenantId: tenant.id }),
  )
  hearing.require('the application is enabled', principal.enabled, refusal(7000112, { appId, appName }))
  // Entra: seen for confidential clients that send an Origin header; whether app-only requests are refused is a guess.
  hearing.require('the request is not a web page’s', request.origin === undefined, refusal(90023), {
    found: request.origin,
  })
  return { tenant, application, principal, clientId }
}
