import { createHash } from 'node:crypto'
import type { ServicePrincipal } from '../directory/application.ts'
import { rolesOf } from './app-roles.ts'
import { badRequest, notFound } from './graph-error.ts'
import { type GraphRequest, type Operation, principalById, principalOf } from './operation.ts'
import { permission } from './permission.ts'
import { entity, page } from './query.ts'

/** An app role of a resource that a principal has. */
interface Assignment {
  readonly principal: ServicePrincipal
  readonly resource: ServicePrincipal
  readonly role: string
}

/** The same assignments, seen from the client (`appRoleAssignments`) and from the API (`appRoleAssignedTo`). */
export const roleAssignmentOperations: readonly Operation[] = (
  ['appRoleAssignments', 'appRoleAssignedTo'] as const
).flatMap((side): readonly Operation[] => [
  {
    method: 'GET',
    path: `servicePrincipals/:sp/${side}`,
    answer(request) {
      permission.toReadAssignments(request.caller)
      const shown = assignmentsOf(request, side, principalOf(request)).map(writeAssignment)
      return { status: 200, body: page(shown, request, 'appRoleAssignment', 'appRoleAssignments') }
    },
  },
  {
    method: 'POST',
    path: `servicePrincipals/:sp/${side}`,
    answer(request) {
      const { caller, directory, root } = request
      permission.toAssign(caller)
      const assignment = readAssignment(request, side, principalOf(request))
      const { principal, resource, role } = assignment
      const { appId: resourceAppId } = resource.application
      if (principal.roles.get(resourceAppId)?.has(role))
        throw badRequest('Permission being assigned already exists on the object')
      directory.grantRole(caller.tenant, principal.application.appId, { resourceAppId, role }, 'assignment:')
      return {
        status: 201,
        body: {
          '@odata.context': `${root}/$metadata#appRoleAssignments/$entity`,
          ...writeAssignment(assignment),
        },
      }
    },
  },
  {
    method: 'GET',
    path: `servicePrincipals/:sp/${side}/:assignment`,
    answer(request) {
      permission.toReadAssignments(request.caller)
      const write = () => writeAssignment(assignmentOf(request, side))
      return { status: 200, body: entity(request, 'appRoleAssignment', 'appRoleAssignments', write) }
    },
  },
  {
    method: 'DELETE',
    path: `servicePrincipals/:sp/${side}/:assignment`,
    answer(request) {
      permission.toAssign(request.caller)
      const { principal, resource, role } = assignmentOf(request, side)
      request.directory.revokeRole(principal, { resourceAppId: resource.application.appId, role })
      return { status: 204 }
    },
  },
])

type Side = 'appRoleAssignments' | 'appRoleAssignedTo'

function assignmentsOf(
  { caller, directory }: GraphRequest,
  side: Side,
  of: ServicePrincipal,
): readonly Assignment[] {
  const all = directory.principalsOf(caller.tenant).flatMap((principal) =>
    [...principal.roles].flatMap(([resourceAppId, roles]) => {
      const resource = directory.findPrincipal(caller.tenant, resourceAppId)
      return resource === undefined ? [] : [...roles].map((role) => ({ principal, resource, role }))
    }),
  )
  return all.filter(
    ({ principal, resource }) => (side === 'appRoleAssignments' ? principal : resource) === of,
  )
}

/** @throws GraphError 404 */
function assignmentOf(request: GraphRequest, side: Side): Assignment {
  const { assignment = '' } = request.params
  const found = assignmentsOf(request, side, principalOf(request)).find((one) => idOf(one) === assignment)
  if (found === undefined) throw notFound(assignment)
  return found
}

/** Guess: the body names both ends; the one in the path must be one of them. */
function readAssignment(request: GraphRequest, side: Side, of: ServicePrincipal): Assignment {
  const { body, directory, caller } = request
  const principal = principalById(directory, caller.tenant, body.principalId)
  const resource = principalById(directory, caller.tenant, body.resourceId)
  const named = side === 'appRoleAssignments' ? principal : resource
  if (principal === undefined || resource === undefined || named !== of)
    throw badRequest('One or more properties are invalid.')
  const { application } = resource
  const id = String(body.appRoleId).toLowerCase()
  const role = rolesOf(application, principal.roles.get(application.appId) ?? []).find((one) => one.id === id)
  if (role === undefined)
    throw badRequest(`Permission being assigned was not found on application '${application.appId}'.`)
  return { principal, resource, role: role.value }
}

function writeAssignment(assignment: Assignment) {
  const { principal, resource, role } = assignment
  return {
    id: idOf(assignment),
    deletedDateTime: null,
    appRoleId: rolesOf(resource.application, [role]).find(({ value }) => value === role)?.id ?? null,
    // Not kept: no client reads it.
    createdDateTime: null,
    principalDisplayName: principal.application.name,
    principalId: principal.id,
    principalType: 'ServicePrincipal',
    resourceDisplayName: resource.application.name,
    resourceId: resource.id,
  }
}

/** Guess: 43 base64url characters. Here they follow from what is assigned to whom. */
function idOf({ principal, resource, role }: Assignment): string {
  return createHash('sha256').update([principal.id, resource.id, role].join('\n')).digest('base64url')
}
