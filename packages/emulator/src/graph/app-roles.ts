import { type AppRole, appRoleOf } from '../directory/app-role.ts'
import type { Application, ServicePrincipal } from '../directory/application.ts'
import { isObject } from '../directory/definition.ts'
import { isGuid } from '../guid.ts'
import { invalidValue } from './graph-error.ts'

const graphAppId = '00000003-0000-0000-c000-000000000000'

/** App roles of Microsoft Graph that this emulator asks for, and some that are often granted. Guess: their ids, not compared with the service. */
const graphRoles: ReadonlyMap<string, string> = new Map([
  ['Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf3ac3a30c'],
  ['Application.ReadWrite.All', '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9'],
  ['Application.ReadWrite.OwnedBy', '18a4783c-866b-4cc7-a460-3d5e5662c884'],
  ['AppRoleAssignment.ReadWrite.All', '06b708a9-e830-4db3-a914-8e69da51d44f'],
  ['Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61'],
  ['Directory.ReadWrite.All', '19dbc75e-c2e2-444c-a770-ec69d8559fc7'],
  ['Group.Read.All', '5b567255-7703-4780-807c-7be8301ae99b'],
  ['Mail.Send', 'b633e1c5-b582-4048-a93e-9f11b44c7e96'],
  ['Policy.Read.All', '246dd0d5-5bd0-4def-940b-0421030a5b68'],
  ['Policy.ReadWrite.ApplicationConfiguration', 'be74164b-cff1-491c-8741-e671cb536e13'],
  ['User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'],
])

/**
 * The roles of an API. Microsoft's own take any role here: those that are known by id, and those that were granted.
 *
 * @param granted - Values of its roles that somebody has.
 */
export function rolesOf({ appId, appRoles }: Application, granted: Iterable<string>): readonly AppRole[] {
  if (appRoles !== undefined) return appRoles
  const values = new Set([...(appId === graphAppId ? graphRoles.keys() : []), ...granted])
  return [...values].map((value) =>
    appRoleOf(appId, {
      value,
      id: appId === graphAppId ? graphRoles.get(value) : undefined,
      displayName: undefined,
      description: undefined,
      isEnabled: true,
    }),
  )
}

/** Values of an API's roles that any of the principals has. */
export function grantedRoles(
  principals: readonly ServicePrincipal[],
  resourceAppId: string,
): readonly string[] {
  return principals.flatMap(({ roles }) => [...(roles.get(resourceAppId) ?? [])])
}

export function writeAppRole({ id, value, displayName, description, isEnabled }: AppRole): object {
  return {
    allowedMemberTypes: ['Application'],
    description,
    displayName,
    id,
    isEnabled,
    origin: 'Application',
    value,
  }
}

/** @throws GraphError 400 */
export function readAppRoles(given: unknown, appId: string): readonly AppRole[] {
  if (!Array.isArray(given)) throw invalidValue('appRoles', 'Application')
  return given.map((one) => {
    const {
      id,
      value,
      displayName,
      description,
      isEnabled = true,
    }: Readonly<Record<string, unknown>> = isObject(one) ? one : {}
    const texts = [value, displayName ?? value, description ?? value]
    if (!texts.every(isText) || (id != null && !(isText(id) && isGuid(id))) || typeof isEnabled !== 'boolean')
      throw invalidValue('appRoles', 'Application')
    const [role = '', shown, described] = texts.map(String)
    return appRoleOf(appId, {
      id: id == null ? undefined : String(id).toLowerCase(),
      value: role,
      displayName: shown,
      description: described,
      isEnabled,
    })
  })
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 256
