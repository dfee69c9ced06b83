import { derivedGuid } from '../guid.ts'
import { flag, guid, optional, type Reader, record, text } from './definition.ts'

/** An app role that an API declares. */
export interface AppRole {
  readonly id: string
  /** As in the `roles` claim: `Cars.Read`. */
  readonly value: string
  readonly displayName: string
  readonly description: string
  readonly isEnabled: boolean
}

/** An app role as JSON: its value alone, or with what Graph shows of it. */
export type SeedAppRole =
  | string
  | {
      readonly value: string
      /** Default: a GUID that follows from app and value. */
      readonly id?: string | undefined
      /** Default: the value, as for the description. */
      readonly displayName?: string | undefined
      readonly description?: string | undefined
      /** Default: true. */
      readonly isEnabled?: boolean | undefined
    }

const readObject = record({
  value: text,
  id: optional(guid, undefined),
  displayName: optional(text, undefined),
  description: optional(text, undefined),
  isEnabled: optional(flag, true),
})

/** A role whose id may still follow from the app that it is of. */
export type ReadAppRole = ReturnType<typeof readObject>

export const appRole: Reader<ReadAppRole> = (value, path) =>
  readObject(typeof value === 'string' ? { value } : value, path)

/** The role of one application. Its id is the same at every start, though nobody wrote it down. */
export function appRoleOf(
  appId: string,
  { id, value, displayName, description, isEnabled }: ReadAppRole,
): AppRole {
  return {
    id: id ?? derivedGuid(appId, value),
    value,
    displayName: displayName ?? value,
    description: description ?? value,
    isEnabled,
  }
}

/** The inverse of reading: as short as it can be. */
export function writeAppRole(appId: string, role: AppRole): SeedAppRole {
  const { id, value, displayName, description, isEnabled } = role
  const short = appRoleOf(appId, {
    id: undefined,
    value,
    displayName: undefined,
    description: undefined,
    isEnabled: true,
  })
  const said = {
    value,
    ...(id === short.id ? {} : { id }),
    ...(displayName === value ? {} : { displayName }),
    ...(description === value ? {} : { description }),
    ...(isEnabled ? {} : { isEnabled }),
  }
  return Object.keys(said).length === 1 ? value : said
}
