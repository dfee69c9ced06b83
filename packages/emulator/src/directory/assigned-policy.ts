import { type CredentialRestrictions, restrictionsOf } from './app-management-policy.ts'
import { DefinitionError, flag, guid, list, optional, type Reader, record, text } from './definition.ts'

/** Graph's `appManagementPolicy`: it holds for the objects that it is assigned to, in place of the tenant's. */
export interface AssignedPolicy {
  readonly id: string
  readonly displayName: string
  readonly description: string | null
  readonly isEnabled: boolean
  readonly restrictions: CredentialRestrictions
  /** Object ids of applications and service principals; none of them is in two policies. */
  readonly appliesTo: readonly string[]
}

/** In a tenant. Guess: the service's number. */
export const mostPolicies = 100

export const policyMembers = {
  displayName: text,
  description: optional(text, null),
  isEnabled: optional(flag, false),
  restrictions: restrictionsOf,
} as const

const readPolicies = list(record({ id: guid, ...policyMembers, appliesTo: optional(list(guid), []) }))

export const assignedPolicies: Reader<readonly AssignedPolicy[]> = (value, path) => {
  const policies = readPolicies(value, path)
  if (policies.length > mostPolicies) throw new DefinitionError(path, `expected at most ${mostPolicies}`)
  for (const ids of [policies.map(({ id }) => id), policies.flatMap(({ appliesTo }) => appliesTo)]) {
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) throw new DefinitionError(path, `${twice} is in two policies`)
  }
  return policies
}

/** The policies without an object that is gone. */
export function withoutObject(policies: readonly AssignedPolicy[], id: string): readonly AssignedPolicy[] {
  return policies.map((policy) => ({ ...policy, appliesTo: policy.appliesTo.filter((one) => one !== id) }))
}
