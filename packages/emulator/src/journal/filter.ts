import { DefinitionError, oneOf, optional, type Reader, record, text } from '../directory/definition.ts'
import type { EntrySummary } from './describe-entry.ts'

/** Which requests one wants to see; all must hold. */
export type Filter = ReturnType<typeof readFilterRecord>

/** Digits, with or without `AADSTS` before them. */
const aadsts: Reader<number> = (value, path) => {
  const [, digits] = /^(?:AADSTS)?(\d{1,9})$/i.exec(text(value, path)) ?? []
  if (digits === undefined) throw new DefinitionError(path, 'expected a number such as 700027')
  return Number(digits)
}

const readFilterRecord = record({
  /** Client id, or a part of the app's name. */
  app: optional(text, undefined),
  endpoint: optional(oneOf('v1', 'v2'), undefined),
  result: optional(oneOf('issued', 'refused', 'not judged'), undefined),
  aadsts: optional(aadsts, undefined),
})

export const filterNames = ['app', 'endpoint', 'result', 'aadsts'] as const

/** @param query - Of a URL; a form sends what was left empty as empty text. */
export function readFilter(query: Readonly<Record<string, string>>): Filter {
  const given = filterNames.map((name) => [name, query[name]?.trim() || undefined])
  return readFilterRecord(Object.fromEntries(given), 'filter:')
}

export function passes({ app, endpoint, result, aadsts: code }: Filter, entry: EntrySummary): boolean {
  const wanted = app?.toLowerCase()
  return (
    (wanted === undefined ||
      entry.clientId?.toLowerCase() === wanted ||
      entry.appName?.toLowerCase().includes(wanted) === true) &&
    (endpoint === undefined || entry.endpoint === endpoint) &&
    (result === undefined || entry.result === result) &&
    (code === undefined || entry.aadsts === code)
  )
}
