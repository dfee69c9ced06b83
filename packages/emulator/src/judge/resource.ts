import type { ServicePrincipal } from '../directory/application.ts'
import { refusal } from '../refusal/refusal.ts'
import type { Client, Hearing } from './hearing.ts'

const suffix = '/.default'

/** Entra: these may stand beside one `/.default`; MSAL.js sends them so. */
const oidcScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

/** RFC 6749 appendix A.4. */
const scopeCharacters = /^[\x21\x23-\x5b\x5d-\x7e ]+$/

/** The API that the token is for, and its name as the client spelled it. */
export function judgeResource(
  hearing: Hearing,
  client: Client,
): { readonly resource: ServicePrincipal; readonly requestedResource: string } {
  const { request, directory } = hearing
  const requestedResource =
    request.endpoint === 'v1' ? (request.form.fields.get('resource') ?? '').trim() : resourceOfScope(hearing)
  const resource = directory.findResource(client.tenant, requestedResource)
  hearing.require(
    'the resource is known in the tenant',
    resource,
    refusal(500011, { resource: requestedResource, tenant: client.tenant.id }),
    { found: requestedResource },
  )
  hearing.require(
    'the resource is enabled',
    resource.enabled,
    refusal(500014, { resource: requestedResource }),
  )
  const { appId: resourceAppId, name: resourceName } = resource.application
  const { appId, name: appName } = client.application
  hearing.require(
    'the client has an app role where the resource asks for one',
    !resource.assignmentRequired || client.principal.roles.has(resourceAppId),
    refusal(501051, { appId, appName, resourceAppId, resourceName }),
  )
  return { resource, requestedResource }
}

/** All before the last `/.default`, so that `https://management.core.windows.net//.default` keeps its slash. */
function resourceOfScope(hearing: Hearing): string {
  const scope = (hearing.request.form.fields.get('scope') ?? '').trim()
  hearing.require('the scope has valid characters', scopeCharacters.test(scope), refusal(70011, { scope }))
  const resourceScopes = scope.split(/ +/).filter((one) => !oidcScopes.has(one))
  const [first] = resourceScopes
  hearing.require(
    'the scope ends in /.default',
    first !== undefined && resourceScopes.every((one) => one.endsWith(suffix)),
    refusal(1002012, { scope }),
    { expected: 'one {resource}/.default', found: scope },
  )
  const several = new Set(resourceScopes).size > 1
  hearing.require('the scope names one resource', !several, refusal(700022, { scope }), { found: scope })
  const resource = first.slice(0, -suffix.length)
  hearing.require('the scope names a resource', resource, refusal(70011, { scope }), { found: scope })
  return resource
}
