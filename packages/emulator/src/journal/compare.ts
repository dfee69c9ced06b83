import type { Directory } from '../directory/directory.ts'
import { clientIdOf, type DescribedEntry, describeEntry } from './describe-entry.ts'
import type { Entry } from './journal.ts'
import { authorizationField } from './shown-form.ts'

/** Two requests side by side. */
export interface Comparison {
  /** The number of the good one. */
  readonly with: number
  readonly why: string
  readonly rows: readonly ComparedRow[]
}

export interface ComparedRow {
  readonly name: string
  /** Undefined where it was not sent. */
  readonly here: string | undefined
  readonly good: string | undefined
  /** `new each time`: they differ as they should. */
  readonly verdict: 'same' | 'differs' | 'new each time'
}

/**
 * A request beside the last one before it that was granted: of the same client if there is one, else of any.
 *
 * @returns Undefined where none was granted before.
 */
export function compareWithLastGood(
  entry: Entry,
  entries: readonly Entry[],
  directory: Directory,
): Comparison | undefined {
  const good = entries.filter(({ number, accessToken }) => number < entry.number && accessToken !== undefined)
  const clientId = clientIdOf(entry.request)?.toLowerCase()
  const own = good.findLast(({ request }) => clientIdOf(request)?.toLowerCase() === clientId)
  const found = own ?? good.at(-1)
  if (found === undefined) return undefined
  return {
    with: found.number,
    why:
      own === undefined
        ? 'the last good one of any app: this client had none'
        : 'the last good one of this client',
    rows: rowsOf(entry, found, directory),
  }
}

function rowsOf(entry: Entry, good: Entry, directory: Directory): readonly ComparedRow[] {
  const here = facts(describeEntry(entry, directory), entry)
  const there = facts(describeEntry(good, directory), good)
  const names = new Set([...here.keys(), ...there.keys()])
  return [...names].map((name) => {
    const [a, b] = [here.get(name), there.get(name)]
    const same = a?.compared === b?.compared
    const verdict = same ? 'same' : fleeting.has(name) ? 'new each time' : 'differs'
    return { name, here: a?.shown, good: b?.shown, verdict }
  })
}

/** What every request has anew. */
const fleeting: ReadonlySet<string> = new Set(['claim jti', 'field client-request-id'])

const timeClaims: ReadonlySet<string> = new Set(['nbf', 'exp', 'iat'])

interface Fact {
  readonly shown: string
  /** What must be equal for two facts to be the same. */
  readonly compared: string
}

/** A request as named facts. Times count from the arrival of their own request. */
function facts(described: DescribedEntry, { request, exchange }: Entry): ReadonlyMap<string, Fact> {
  const { endpoint, method, url, assertion } = described
  const found = new Map<string, Fact>()
  const add = (name: string, shown: string, compared = shown) => found.set(name, { shown, compared })
  add('endpoint', endpoint)
  add('method', method)
  add('address', url)
  for (const { name, value, note } of described.fields) {
    const shown = value ?? note ?? ''
    if (name === authorizationField) add(name, shown, request.authorization)
    // What is not shown can still be the same or not; of a JWT the parts are compared below.
    else if (name === 'client_assertion' && assertion !== undefined) add(`field ${name}`, 'a JWT')
    else add(`field ${name}`, shown, request.form.fields.get(name) ?? shown)
  }
  for (const [name, value] of Object.entries(assertion?.header ?? {})) add(`header ${name}`, textOf(value))
  for (const [name, value] of Object.entries(assertion?.claims ?? {})) {
    const seconds = timeClaims.has(name) ? Number(value) : Number.NaN
    if (Number.isNaN(seconds)) add(`claim ${name}`, textOf(value))
    else add(`claim ${name}`, fromArrival(seconds, exchange.receivedAt))
  }
  return found
}

function fromArrival(seconds: number, receivedAt: number): string {
  const away = Math.round(seconds - receivedAt / 1000)
  return `${Math.abs(away)} s ${away < 0 ? 'before' : 'after'} arrival`
}

const textOf = (value: unknown): string => {
  const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return written.length > 500 ? `${written.slice(0, 500)}…` : written
}
