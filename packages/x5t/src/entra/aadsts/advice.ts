import { catalogue } from './catalogue.ts'
import { fillIn, type RequestFacts } from './entry.ts'

export interface Advice {
  /** One clause, in the place of "host answered 401". */
  readonly summary: string
  readonly hint: string
}

/** Words for the first of `errorCodes` that is known. The numbers choose words and nothing else. */
export function adviseOn(errorCodes: readonly number[], facts: RequestFacts): Partial<Advice> {
  const code = errorCodes.find((number) => catalogue[number] !== undefined)
  const entry = code === undefined ? undefined : catalogue[code]
  if (entry === undefined) return {}
  return { summary: entry.summary, hint: fillIn(entry.hint, facts) }
}
