import type { Application, ServicePrincipal } from '../directory/application.ts'
import type { Caller } from './caller.ts'
import { denied } from './graph-error.ts'

/**
 * The app roles that open each door, least privileged first. Entra: the two of `Application.ReadWrite`, for what they
 * write. Guess: all others.
 */
const readers = [
  'Application.Read.All',
  'Application.ReadWrite.OwnedBy',
  'Application.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]
const writers = ['Application.ReadWrite.All', 'Directory.ReadWrite.All']
const ownersRole = 'Application.ReadWrite.OwnedBy'
const assigners = ['AppRoleAssignment.ReadWrite.All']
const policyReaders = [
  'Policy.Read.ApplicationConfiguration',
  'Policy.ReadWrite.ApplicationConfiguration',
  'Policy.Read.All',
]
const policyWriters = ['Policy.ReadWrite.ApplicationConfiguration']

const any = ({ roles }: Caller, allowed: readonly string[]): boolean =>
  allowed.some((role) => roles.has(role))

function refuseUnless(holds: boolean): void {
  if (!holds) throw denied()
}

/** Each throws GraphError 403 where the caller may not. */
export const permission = {
  toRead: (caller: Caller) => refuseUnless(any(caller, readers)),
  toCreate: (caller: Caller) => refuseUnless(any(caller, [...writers, ownersRole])),
  toWrite: (caller: Caller, object: Application | ServicePrincipal) => refuseUnless(mayWrite(caller, object)),
  /** An application may roll its own keys without any role. */
  toRollKeys: (caller: Caller, object: Application | ServicePrincipal) =>
    refuseUnless(isSelf(caller, object) || mayWrite(caller, object)),
  toReadAssignments: (caller: Caller) => refuseUnless(any(caller, [...readers, ...assigners])),
  toAssign: (caller: Caller) => refuseUnless(any(caller, assigners)),
  toReadPolicies: (caller: Caller) => refuseUnless(any(caller, policyReaders)),
  toWritePolicies: (caller: Caller) => refuseUnless(any(caller, policyWriters)),
}

function mayWrite(caller: Caller, { owners }: Application | ServicePrincipal): boolean {
  return any(caller, writers) || (caller.roles.has(ownersRole) && owners.includes(caller.principal.id))
}

function isSelf({ principal }: Caller, object: Application | ServicePrincipal): boolean {
  return object === principal || object === principal.application
}
