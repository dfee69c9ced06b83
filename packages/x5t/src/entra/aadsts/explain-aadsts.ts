import { catalogue } from './catalogue.ts'
import { type AadstsEntry, fillIn, type RequestFacts } from './entry.ts'

/** What is known of one AADSTS number, with the facts of a request filled in. */
export interface AadstsExplanation extends AadstsEntry {
  readonly code: number
  /** Microsoft's own page for the number. Nothing is fetched from it. */
  readonly url: string
}

/** Offline. @returns Undefined for a number that is not in the catalogue. */
export function explainAadsts(
  code: number,
  facts: Partial<RequestFacts> = {},
): AadstsExplanation | undefined {
  const entry = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined
  if (entry === undefined) return undefined
  const { hint, causes } = entry
  return {
    ...entry,
    code,
    url: aadstsUrl(code),
    hint: fillIn(hint, facts),
    causes: causes.map((cause) => fillIn(cause, facts)),
  }
}

/** Microsoft's page that explains a number, known here or not. */
export function aadstsUrl(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`
}
