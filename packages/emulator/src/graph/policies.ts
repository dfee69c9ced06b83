import { appManagementPolicy } from '../directory/app-management-policy.ts'
import { DefinitionError, type Reader } from '../directory/definition.ts'
import { badRequest } from './graph-error.ts'
import type { Operation } from './operation.ts'
import { permission } from './permission.ts'

const path = 'policies/defaultAppManagementPolicy'

/** Guess: the same id in every tenant. */
const id = '00000000-0000-0000-0000-000000000000'

/** What credentials the tenant lets its applications have. */
export const policyOperations: readonly Operation[] = [
  {
    method: 'GET',
    path,
    answer({ caller, root }) {
      permission.toReadPolicies(caller)
      const { isEnabled, applicationRestrictions, servicePrincipalRestrictions } = caller.tenant.policy
      return {
        status: 200,
        body: {
          '@odata.context': `${root}/$metadata#policies/defaultAppManagementPolicy/$entity`,
          id,
          displayName: 'Default app management tenant policy',
          description:
            'Default tenant policy that enforces app management restrictions on applications and service principals.',
          isEnabled,
          applicationRestrictions,
          servicePrincipalRestrictions,
        },
      }
    },
  },
  {
    method: 'PATCH',
    path,
    answer({ caller, directory, body }) {
      permission.toWritePolicies(caller)
      const { id: _id, displayName: _name, description: _description, ...changes } = body
      directory.setPolicy(
        caller.tenant,
        readPolicy(appManagementPolicy, { ...caller.tenant.policy, ...changes }),
      )
      return { status: 204 }
    },
  },
]

/** @throws GraphError 400 */
export function readPolicy<T>(read: Reader<T>, given: unknown): T {
  try {
    return read(given, 'policy:')
  } catch (error) {
    throw error instanceof DefinitionError
      ? badRequest(`Invalid value in the request: ${error.message}.`)
      : error
  }
}
