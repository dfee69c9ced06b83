import type { App, Tenant } from '../directory/app.ts'
import type { Directory } from '../directory/directory.ts'
import { Refusal } from '../refusal/refusal.ts'
import { judgeCredential } from './credential.ts'
import { findResource, type RequestedResource } from './resource.ts'

/** A request as it reached a token endpoint. */
export interface TokenRequest {
  /** Tenant segment of the path, as sent. */
  readonly tenant: string
  readonly version: '1.0' | '2.0'
  /** Undefined when the body is no form. */
  readonly form: URLSearchParams | undefined
  /** Client id and secret of an `Authorization: Basic` header. */
  readonly basic: { readonly clientId: string; readonly secret: string } | undefined
  /** Hosts by which this emulator goes, the one of the request first. */
  readonly origins: readonly string[]
}

/** What a token is issued for. */
export interface Grant extends RequestedResource {
  readonly tenant: Tenant
  readonly client: App
  /** How the client proved itself: the value of `appidacr` and `azpacr`. */
  readonly clientAuthentication: '1' | '2'
  readonly roles: readonly string[]
}

/**
 * Judges a token request in one fixed order, so that a request with two faults always gets the same refusal.
 * Entra's own order is not documented; this one contradicts no observed answer.
 *
 * @param now - Epoch milliseconds.
 * @throws Refusal
 */
export function judgeTokenRequest(request: TokenRequest, directory: Directory, now: number): Grant {
  const tenant = findTenant(request.tenant, directory)
  const form = checkForm(request)
  const client = findClient(request, form, tenant, directory)
  const target = requireTarget(request.version, form)
  const clientAuthentication = judgeCredential({ ...request, form, tenant, client, now })
  const resource = findResource(target, tenant, directory)
  const roles = client.grants.filter(({ resourceAppId }) => resourceAppId === resource.resource.appId)
  if (resource.resource.assignmentRequired && roles.length === 0 && client !== resource.resource) {
    const { appId: resourceAppId, name: resourceName } = resource.resource
    throw new Refusal(501051, { appId: client.appId, name: client.name, resourceAppId, resourceName })
  }
  if (client.blockedByConditionalAccess) throw new Refusal(53003)
  return { ...resource, tenant, client, clientAuthentication, roles: roles.map(({ role }) => role) }
}

const everyTenant = new Set(['common', 'organizations', 'consumers'])
const tenantShape =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)$/i

/** The tenant a path names. */
export function findTenant(name: string, directory: Directory): Tenant {
  if (/[<>]/.test(name)) throw new Refusal(90013)
  if (everyTenant.has(name.toLowerCase())) throw new Refusal(50059)
  if (!tenantShape.test(name)) throw new Refusal(900023, { tenant: name })
  const tenant = directory.findTenant(name)
  if (tenant === undefined) throw new Refusal(90002, { tenant: name })
  return tenant
}

/** A field sent twice could mean two things to two readers. Guess: Entra's number for it. */
function checkForm({ form }: TokenRequest): URLSearchParams {
  if (form === undefined) throw new Refusal(900144, { name: 'grant_type' })
  const names = [...form.keys()]
  if (new Set(names).size !== names.length) throw new Refusal(9002313)
  const grant = form.get('grant_type')
  if (!grant) throw new Refusal(900144, { name: 'grant_type' })
  if (grant !== 'client_credentials') throw new Refusal(70003, { grant })
  return form
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function findClient(
  { basic }: TokenRequest,
  form: URLSearchParams,
  tenant: Tenant,
  directory: Directory,
): App {
  const appId = form.get('client_id') ?? basic?.clientId
  if (!appId) throw new Refusal(900144, { name: 'client_id' })
  if (/[<>]/.test(appId)) throw new Refusal(90013)
  const app = directory.findApp(tenant.id, appId)
  if (app === undefined) {
    // Guess: which rule picks 700038 is not known; it was seen for an id no app can have.
    const impossible = guid.test(appId) && new Set(appId.replaceAll('-', '')).size === 1
    throw impossible ? new Refusal(700038, { appId }) : new Refusal(700016, { appId, tenant: tenant.id })
  }
  if (app.servicePrincipalId === undefined) throw new Refusal(7000229, { appId, tenant: tenant.id })
  if (app.disabled) throw new Refusal(7000112, { appId, name: app.name })
  return app
}

/** What the request asks for, by the field of its endpoint. */
function requireTarget(
  version: '1.0' | '2.0',
  form: URLSearchParams,
): { scope: string } | { resource: string } {
  const resource = form.get('resource')
  const scope = form.get('scope')
  if (version === '1.0') {
    if (!resource) throw new Refusal(900144, { name: 'resource' })
    return { resource }
  }
  if (resource !== null) throw new Refusal(901002)
  if (!scope) throw new Refusal(900144, { name: 'scope' })
  return { scope }
}
