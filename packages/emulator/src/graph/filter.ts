import { GraphError, unsupportedQuery } from './graph-error.ts'

type Predicate = (object: Readonly<Record<string, unknown>>) => boolean

/** Guess: these can be filtered by; others are refused. */
const single = [
  'appId',
  'id',
  'displayName',
  'signInAudience',
  'publisherDomain',
  'servicePrincipalType',
  'accountEnabled',
]
const collections = ['identifierUris', 'servicePrincipalNames', 'tags']

const value = `'((?:[^']|'')*)'`
const clauses: readonly {
  readonly shape: RegExp
  readonly predicate: (...parts: readonly string[]) => Predicate
}[] = [
  {
    shape: new RegExp(`^(\\w+) +(eq|ne) +(?:${value}|(true|false))$`, 'i'),
    predicate: (name = '', operator, text, flag) => {
      const expected = flag === undefined || flag === '' ? unquoted(text) : flag.toLowerCase()
      const property = known(name, single)
      return (object) => same(object[property], expected) === (operator?.toLowerCase() === 'eq')
    },
  },
  {
    shape: new RegExp(`^startswith\\( *(\\w+) *, *${value} *\\)$`, 'i'),
    predicate: (name = '', text) => {
      const property = known(name, ['displayName'])
      return (object) => String(object[property]).toLowerCase().startsWith(unquoted(text))
    },
  },
  {
    shape: new RegExp(`^(\\w+)/any\\( *(\\w+) *: *\\2 +eq +${value} *\\)$`, 'i'),
    predicate: (name = '', _variable, text) => {
      const property = known(name, collections)
      const expected = unquoted(text)
      return (object) => [object[property]].flat().some((one) => same(one, expected))
    },
  },
  {
    shape: new RegExp(`^(\\w+) +in +\\(( *${value}(?: *, *${value})*) *\\)$`, 'i'),
    predicate: (name = '', list = '') => {
      const property = known(name, single)
      const expected = [...list.matchAll(new RegExp(value, 'g'))].map(([, text]) => unquoted(text))
      return (object) => expected.some((one) => same(object[property], one))
    },
  },
]

/**
 * `$filter` in the forms that clients send: `eq`, `ne`, `in`, `startswith`, `any(x:x eq …)`, joined by `and`.
 *
 * @param type - As `application`.
 * @throws GraphError for all else: a filter must not be passed over.
 */
export function parseFilter(filter: string, type: string): Predicate {
  if (filter.length > 4000) throw unsupportedQuery('The filter is longer than 4000 characters.')
  const predicates = splitByAnd(filter).map((clause) => {
    for (const { shape, predicate } of clauses) {
      const [whole, ...parts] = shape.exec(clause) ?? []
      if (whole !== undefined) return predicate(...parts)
    }
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid filter clause: '${clause.slice(0, 80)}' on microsoft.graph.${type}.`,
    )
  })
  return (object) => predicates.every((holds) => holds(object))
}

/** Quotes hide what they hold; a quote within a value is doubled. */
function splitByAnd(filter: string): readonly string[] {
  const parts = filter.split("'")
  const clauses: string[] = ['']
  parts.forEach((part, index) => {
    const quoted = index % 2 === 1
    const [first = '', ...rest] = quoted ? [part] : part.split(/ +and +/i)
    clauses.push(`${clauses.pop()}${index === 0 ? '' : "'"}${first}`, ...rest)
  })
  return clauses.map((clause) => clause.trim())
}

function known(name: string, names: readonly string[]): string {
  const found = names.find((one) => one.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw unsupportedQuery(`Unsupported or invalid query filter clause specified for property '${name}'.`)
  return found
}

/** Guess: text is compared without regard to case. */
const same = (found: unknown, expected: string): boolean => String(found).toLowerCase() === expected

const unquoted = (text = ''): string => text.replaceAll("''", "'").toLowerCase()
