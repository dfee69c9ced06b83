import { randomUUID } from 'node:crypto'
import type { Application, ServicePrincipal } from '../directory/application.ts'
import { type AssignedPolicy, mostPolicies, policyMembers } from '../directory/assigned-policy.ts'
import { record } from '../directory/definition.ts'
import { writeApplication } from './application-object.ts'
import { applications } from './applications.ts'
import { badRequest, notFound, tooLarge } from './graph-error.ts'
import type { Kind } from './kind.ts'
import type { GraphRequest, Operation } from './operation.ts'
import { permission } from './permission.ts'
import { readPolicy } from './policies.ts'
import { writePrincipal } from './principal-object.ts'
import { entity, page } from './query.ts'
import { servicePrincipals } from './service-principals.ts'

const set = 'policies/appManagementPolicies'
const type = 'appManagementPolicy'

/** Policies for the credentials of single applications and service principals. */
export const assignedPolicyOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: set,
    answer(request) {
      permission.toReadPolicies(request.caller)
      return { status: 200, body: page(policiesOf(request).map(shown), request, type, set) }
    },
  },
  {
    method: 'POST',
    path: set,
    answer(request) {
      permission.toWritePolicies(request.caller)
      const policies = policiesOf(request)
      if (policies.length >= mostPolicies) throw tooLarge('directory')
      const policy = { ...readPolicy(readMembers, request.body), id: randomUUID(), appliesTo: [] }
      keep(request, [...policies, policy])
      const context = `${request.root}/$metadata#${set}/$entity`
      return { status: 201, body: { '@odata.context': context, ...shown(policy) } }
    },
  },
  {
    method: 'GET',
    path: `${set}/:policy`,
    answer(request) {
      permission.toReadPolicies(request.caller)
      return { status: 200, body: entity(request, type, set, () => shown(policyOf(request))) }
    },
  },
  {
    method: 'PATCH',
    path: `${set}/:policy`,
    answer(request) {
      permission.toWritePolicies(request.caller)
      const policy = policyOf(request)
      const { id: _, ...before } = shown(policy)
      replace(request, { ...policy, ...readPolicy(readMembers, { ...before, ...request.body }) })
      return { status: 204 }
    },
  },
  {
    // Guess: its assignments go with it.
    method: 'DELETE',
    path: `${set}/:policy`,
    answer(request) {
      permission.toWritePolicies(request.caller)
      const policy = policyOf(request)
      keep(
        request,
        policiesOf(request).filter((one) => one !== policy),
      )
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${set}/:policy/appliesTo`,
    answer(request) {
      permission.toReadPolicies(request.caller)
      permission.toRead(request.caller)
      const { tenant } = request.caller
      const ids = new Set(policyOf(request).appliesTo)
      const of = (name: string, object: { readonly id: string }) => ({
        '@odata.type': `#microsoft.graph.${name}`,
        ...object,
      })
      const objects = [
        ...request.directory
          .applicationsOf(tenant)
          .filter(({ objectId }) => ids.has(objectId))
          .map((one) => of('application', writeApplication(one, tenant))),
        ...request.directory
          .principalsOf(tenant)
          .filter(({ id }) => ids.has(id))
          .map((one) => of('servicePrincipal', writePrincipal(one, []))),
      ]
      return { status: 200, body: page(objects, request, 'directoryObject', 'directoryObjects') }
    },
  },
  ...operationsOn(applications),
  ...operationsOn(servicePrincipals),
]

function operationsOn<T extends Application | ServicePrincipal>({
  path,
  find,
  idOf,
}: Kind<T>): readonly Operation[] {
  const assigned = (request: GraphRequest) => {
    const id = idOf(find(request))
    return policiesOf(request).filter(({ appliesTo }) => appliesTo.includes(id))
  }
  return [
    {
      method: 'GET',
      path: `${path}/appManagementPolicies`,
      answer(request) {
        permission.toReadPolicies(request.caller)
        permission.toRead(request.caller)
        return { status: 200, body: page(assigned(request).map(shown), request, type, set) }
      },
    },
    {
      method: 'POST',
      path: `${path}/appManagementPolicies/$ref`,
      answer(request) {
        const { caller, reference } = request
        permission.toWritePolicies(caller)
        permission.toRead(caller)
        const policy = policyOf(request, reference?.split('/').at(-1))
        // Entra: one policy for an object. Guess: the words.
        if (assigned(request).length > 0)
          throw badRequest('A policy of this type is assigned to the object already.')
        replace(request, { ...policy, appliesTo: [...policy.appliesTo, idOf(find(request))] })
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: `${path}/appManagementPolicies/:policy/$ref`,
      answer(request) {
        permission.toWritePolicies(request.caller)
        permission.toRead(request.caller)
        const policy = policyOf(request)
        if (!assigned(request).includes(policy)) throw notFound(policy.id)
        const id = idOf(find(request))
        replace(request, { ...policy, appliesTo: policy.appliesTo.filter((one) => one !== id) })
        return { status: 204 }
      },
    },
  ]
}

const readMembers = record(policyMembers)

const policiesOf = ({ caller }: GraphRequest): readonly AssignedPolicy[] => caller.tenant.assignedPolicies

/** @throws GraphError 404 */
function policyOf(request: GraphRequest, id = request.params.policy ?? ''): AssignedPolicy {
  const found = policiesOf(request).find((one) => one.id === id.toLowerCase())
  if (found === undefined) throw notFound(id)
  return found
}

function keep({ directory, caller }: GraphRequest, policies: readonly AssignedPolicy[]): void {
  directory.setAssignedPolicies(caller.tenant, policies)
}

function replace(request: GraphRequest, policy: AssignedPolicy): void {
  keep(
    request,
    policiesOf(request).map((one) => (one.id === policy.id ? policy : one)),
  )
}

function shown({ appliesTo: _, ...policy }: AssignedPolicy) {
  return policy
}
