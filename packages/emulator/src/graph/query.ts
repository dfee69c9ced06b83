import { parseFilter } from './filter.ts'
import { GraphError, unsupportedQuery } from './graph-error.ts'

/** A list as OData has it: filtered, ordered, cut into pages, and of each object the members that were asked for. */
export interface Page {
  readonly '@odata.context': string
  readonly '@odata.count'?: number
  readonly '@odata.nextLink'?: string
  readonly value: readonly object[]
}

/** An object as Graph shows it. */
export type Shown = Readonly<Record<string, unknown>> & { readonly id: string }

const defaultSize = 100
const largestSize = 999

const options: ReadonlySet<string> = new Set([
  '$filter',
  '$select',
  '$top',
  '$skiptoken',
  '$count',
  '$orderby',
  '$format',
])

/**
 * @param all - As Graph shows each, in full.
 * @param type - As `application`, for messages and the context.
 */
export function page(
  all: readonly Shown[],
  request: { readonly url: URL; readonly root: string },
  type: string,
  set: string,
): Page {
  const { url, root } = request
  const { searchParams: query } = url
  refuseUnknown(query)
  const filter = query.get('$filter')
  const found = filter === null ? all : all.filter(parseFilter(filter, type))
  const ordered = order(found, query.get('$orderby'))
  const size = pageSize(query.get('$top'))
  const start = startOf(ordered, query.get('$skiptoken'))
  const value = ordered.slice(start, start + size)
  const last = value.at(-1)
  const next = new URL(url)
  if (last !== undefined) next.searchParams.set('$skiptoken', Buffer.from(last.id).toString('base64url'))
  const select = query.get('$select')
  return {
    '@odata.context': `${root}/$metadata#${set}${select === null ? '' : `(${select})`}`,
    ...(query.get('$count') === 'true' ? { '@odata.count': ordered.length } : {}),
    ...(start + size < ordered.length ? { '@odata.nextLink': readable(next.href) } : {}),
    value: value.map((one) => selected(one, select, type)),
  }
}

/** Guess: dollar signs stand in its links as they are, and blanks as `%20`. */
const readable = (href: string): string => href.replaceAll('%24', '$').replaceAll('+', '%20')

/**
 * A single object, with the members that were asked for.
 *
 * @param write - Entra: the bytes of a key are shown only where a single object is asked for them by `$select`.
 */
export function entity(
  { url, root }: { readonly url: URL; readonly root: string },
  type: string,
  set: string,
  write: (withKeys: boolean) => Readonly<Record<string, unknown>>,
): object {
  refuseUnknown(url.searchParams)
  const select = url.searchParams.get('$select')
  const shown = write(/(^|,) *keyCredentials *(,|$)/i.test(select ?? ''))
  const context = `${root}/$metadata#${set}${select === null ? '' : `(${select})`}/$entity`
  return { '@odata.context': context, ...selected(shown, select, type) }
}

/** The members that `$select` names, all without it. @throws GraphError for one that there is not. */
function selected(shown: Readonly<Record<string, unknown>>, select: string | null, type: string): object {
  if (select === null || select === '' || select === '*') return shown
  const names = select.split(',').map((name) => name.trim())
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(shown, name))
        throw new GraphError(
          400,
          'BadRequest',
          `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
        )
      return [name, shown[name]]
    }),
  )
}

/** An option that is not understood must not be passed over: the client would take the answer for what it asked. */
function refuseUnknown(query: URLSearchParams): void {
  for (const name of query.keys())
    if (name.startsWith('$') && !options.has(name))
      throw unsupportedQuery(`The query option '${name}' is not supported by the emulator.`)
}

function pageSize(top: string | null): number {
  if (top === null) return defaultSize
  const size = /^\d{1,6}$/.test(top) ? Number(top) : 0
  if (size < 1 || size > largestSize)
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${top.slice(0, 20)}'. Must be between 1 and ${largestSize} inclusive.`,
    )
  return size
}

/** A page begins behind the object that ended the last one. */
function startOf(all: readonly Shown[], token: string | null): number {
  if (token === null) return 0
  const last = Buffer.from(token, 'base64url').toString()
  const index = all.findIndex(({ id }) => id === last)
  if (index < 0)
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    )
  return index + 1
}

function order(all: readonly Shown[], by: string | null): readonly Shown[] {
  if (by === null) return all
  const [, name = '', direction] = /^(\w+)(?: +(asc|desc))?$/.exec(by.trim()) ?? []
  if (!['displayName', 'createdDateTime'].includes(name))
    throw unsupportedQuery(`Sorting by '${by.slice(0, 80)}' is not supported by the emulator.`)
  const sign = direction === 'desc' ? -1 : 1
  return [...all].sort((one, other) => (String(one[name]) < String(other[name]) ? -sign : sign))
}
