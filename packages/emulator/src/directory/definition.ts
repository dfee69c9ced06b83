import { isGuid } from '../guid.ts'

/** A seed, a JSON body or an argument does not describe what it should. The message names the place inside it. */
export class DefinitionError extends TypeError {
  override readonly name = 'DefinitionError'

  /** @param path - As `seed: tenants[0].apps[1].name`, or a root that ends in a colon. */
  constructor(path: string, problem: string) {
    super(path.endsWith(':') ? `${path} ${problem}` : `${path}: ${problem}`)
  }
}

/** Turns one untrusted value into a type that cannot be wrong. @throws DefinitionError naming `path`. */
export type Reader<T> = (value: unknown, path: string) => T

/** The path of a member. A root such as `seed:` is set off by a space, all else by a dot. */
export function member(path: string, name: string): string {
  return path.endsWith(':') ? `${path} ${name}` : `${path}.${name}`
}

/** Text of 1 to 65,536 characters. */
export const text: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || value === '')
    throw new DefinitionError(path, 'expected a non-empty string')
  if (value.length > 65_536) throw new DefinitionError(path, 'is longer than 65536 characters')
  return value
}

/** Lower case, so that two spellings of one GUID are one key. */
export const guid: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || !isGuid(value)) throw new DefinitionError(path, 'expected a GUID')
  return value.toLowerCase()
}

/** A finite number within bounds. */
export function number(bounds: { minimum: number; maximum: number; whole?: boolean }): Reader<number> {
  const { minimum, maximum, whole = false } = bounds
  return (value, path) => {
    const fits = typeof value === 'number' && value >= minimum && value <= maximum
    if (!fits || (whole && !Number.isInteger(value)))
      throw new DefinitionError(
        path,
        `expected a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}`,
      )
    return value
  }
}

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DefinitionError(path, 'expected true or false')
  return value
}

const iso8601 = /^(\d{4}|[+-]\d{6})-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/** A day, or an instant with its zone, as ISO 8601 text; read as epoch milliseconds. */
export const instant: Reader<number> = (value, path) => {
  const at = typeof value === 'string' && iso8601.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw new DefinitionError(path, 'expected a date such as 2030-01-31T12:00:00Z')
  return at
}

/** An object of any JSON, no deeper than 20. */
export const json: Reader<Readonly<Record<string, unknown>>> = (value, path) => {
  if (!isObject(value)) throw new DefinitionError(path, 'expected an object')
  if (isDeeper(value, 20)) throw new DefinitionError(path, 'is nested deeper than 20')
  return value
}

export function isDeeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return than === 0 || Object.values(value).some((one) => isDeeper(one, than - 1))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function oneOf<const T>(...allowed: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = allowed.find((one) => one === value)
    if (found === undefined) throw new DefinitionError(path, `expected ${allowed.join(' or ')}`)
    return found
  }
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DefinitionError(path, 'expected a list')
    return value.map((one, index) => read(one, `${path}[${index}]`))
  }
}

/** A member that may be left out, or null. */
export function optional<T, const F>(read: Reader<T>, fallback: F): Reader<T | F> {
  return (value, path) => (value === undefined || value === null ? fallback : read(value, path))
}

/** An object with these members and no others: a misspelt name is an error, not a silence. */
export function record<T extends Record<string, Reader<unknown>>>(
  readers: T,
): Reader<{ readonly [Name in keyof T]: ReturnType<T[Name]> }> {
  return (value, path) => {
    if (!isObject(value)) throw new DefinitionError(path, 'expected an object')
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(readers, name))
    if (unknown !== undefined)
      throw new DefinitionError(path, `has no member ${JSON.stringify(unknown.slice(0, 80))}`)
    const members = new Map(Object.entries(value))
    const read = Object.entries(readers).map(([name, reader]) => [
      name,
      reader(members.get(name), member(path, name)),
    ])
    return Object.fromEntries(read) // of type any; built name by name from `readers`
  }
}
