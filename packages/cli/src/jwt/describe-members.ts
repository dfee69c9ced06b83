import { plain } from '../plain.ts'
import { meanings, times, valueMeanings } from './meanings.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Members as rows: name, value, and what both say; times in UTC and from `now` (epoch milliseconds).
 *
 * @param own - What members say in this kind of token, before what they say in others.
 */
export function describeMembers(
  members: Members,
  own: Readonly<Record<string, string>>,
  now: number,
): string[] {
  const names = Object.keys(members)
  const width = Math.max(0, ...names.map((name) => name.length))
  return names.map((name) => {
    const value = members[name]
    const shown = plain(typeof value === 'string' ? value : JSON.stringify(value))
    const notes = [
      lookUp(own, name) ?? lookUp(meanings, name) ?? 'no meaning known',
      detail(name, value, now),
    ]
    return `  ${plain(name).padEnd(width)}  ${shown}   (${notes.filter((note) => note !== undefined).join(': ')})`
  })
}

/** Members that are times, in ISO 8601, UTC. */
export function datesOf(members: Members): Readonly<Record<string, string>> {
  const dates = [...times].map((name) => [name, dateOf(name, members[name])] as const)
  return Object.fromEntries(dates.flatMap(([name, date]) => (date ? [[name, date.toISOString()]] : [])))
}

function detail(name: string, value: unknown, now: number): string | undefined {
  if (!times.has(name)) return lookUp(lookUp(valueMeanings, name) ?? {}, String(value))
  const date = dateOf(name, value)
  return date === undefined ? 'no date' : `${date.toISOString()}, ${fromNow(date.getTime() - now)}`
}

/** A claim's name is the sender's; it must not find what every object has. */
function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Entra writes `xms_tcdt` as text in some tokens. */
function dateOf(name: string, value: unknown): Date | undefined {
  const seconds = name === 'xms_tcdt' && typeof value === 'string' ? Number(value) : value
  if (!times.has(name) || typeof seconds !== 'number') return undefined
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

function fromNow(ms: number): string {
  const away = Math.abs(ms) / 1_000
  const [unit, name] = units.find(([size]) => away >= 2 * size) ?? [1, 's']
  const amount = `${Math.round(away / unit)} ${name}`
  return ms < 0 ? `${amount} ago` : `in ${amount}`
}

const units = [
  [86_400, 'days'],
  [3_600, 'h'],
  [60, 'min'],
] as const
