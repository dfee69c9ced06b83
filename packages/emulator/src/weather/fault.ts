import {
  DefinitionError,
  guid,
  member,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from '../directory/definition.ts'

/** The parts of Entra that a fault can be about. `token` means both versions. */
export const weatherEndpoints = ['token', 'token/v1', 'token/v2', 'discovery', 'keys', 'graph'] as const
export type WeatherEndpoint = (typeof weatherEndpoints)[number]

const scopeAndOdds = {
  /** Id or domain. */
  tenant: optional(text, undefined),
  /** Client, where a request names one. */
  appId: optional(guid, undefined),
  endpoint: optional(oneOf(...weatherEndpoints), undefined),
  /** How many requests it meets before it is spent. */
  count: optional(number({ minimum: 1, maximum: 1_000_000, whole: true }), undefined),
  /** Of meeting a request that is in its scope. */
  probability: optional(number({ minimum: 0, maximum: 1 }), 1),
  /** Of the numbers that chance is drawn from: the same seed meets the same requests. */
  seed: optional(number({ minimum: 0, maximum: 4_294_967_295, whole: true }), 1),
}

/** RFC 9110 section 8.3.1, its parameters taken as they are. */
const mediaType: Reader<string> = (value, path) => {
  const given = text(value, path)
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;[\x20-\x7e]*)?$/.test(given))
    throw new DefinitionError(path, 'expected a media type such as text/plain')
  return given
}

const seconds = (maximum: number, fallback: number) => optional(number({ minimum: 0, maximum }), fallback)

/** A day: nobody waits longer for a test. */
const dayMs = 86_400_000
const yearSeconds = 31_536_000

/** What each kind of fault takes beside scope and odds, with its bounds and defaults. */
export const faultParameters = {
  /** The answer comes later. */
  latency: { ms: optional(number({ minimum: 0, maximum: dayMs }), 1000) },
  /** 429 with `Retry-After`. */
  throttling: {
    retryAfterSeconds: seconds(yearSeconds, 5),
    retryAfterForm: optional(oneOf('seconds', 'date'), 'seconds'),
  },
  /** A server that fails. */
  outage: {
    status: optional(oneOf(500, 502, 503, 504), 503),
    body: optional(oneOf('html', 'empty', 'json'), 'html'),
    retryAfterSeconds: optional(number({ minimum: 0, maximum: yearSeconds }), undefined),
  },
  /** The connection breaks before the headers, or amid the body. */
  reset: { at: optional(oneOf('headers', 'body'), 'headers') },
  /** 200 and a page, as from a captive portal. */
  html: {},
  /** 200 and nothing. */
  empty: {},
  /** The first half of the true answer. */
  truncation: {},
  /** The true answer under another type. */
  'content-type': { contentType: optional(mediaType, 'text/plain') },
  /** The true answer, few bytes at a time. */
  slowness: { bytesPerSecond: optional(number({ minimum: 1, maximum: 1_000_000, whole: true }), 100) },
  /** A `Date` header that is off by so much. */
  'date-skew': {
    seconds: optional(number({ minimum: -100 * yearSeconds, maximum: 100 * yearSeconds }), 3600),
  },
  /** Certificates are not known until so long after their registration. */
  propagation: { seconds: seconds(yearSeconds, 60) },
  /** Key sets without the key that signs, as from a server that has not heard of a roll. */
  'stale-keys': {},
  /** Certificates are still known until so long after their removal. */
  removal: { seconds: seconds(yearSeconds, 60) },
} as const satisfies Record<string, Record<string, Reader<unknown>>>

export type FaultKind = keyof typeof faultParameters

export const faultKinds = Object.keys(faultParameters) as readonly FaultKind[] // as: its keys are just these

type Read<T> = { readonly [Name in keyof T]: T[Name] extends Reader<infer V> ? V : never }

/** A fault of one kind, read: every default in place. */
export type FaultOf<K extends FaultKind> = { readonly kind: K } & Read<(typeof faultParameters)[K]> &
  Read<typeof scopeAndOdds>

export type Fault = { readonly [K in FaultKind]: FaultOf<K> }[FaultKind]

/** A fault to arm: its kind, and of the rest what is not to be the default. */
export type NewFault = {
  readonly [K in FaultKind]: { readonly kind: K } & {
    readonly [Name in Exclude<keyof FaultOf<K>, 'kind'>]?: FaultOf<K>[Name] | undefined
  }
}[FaultKind]

/** @throws DefinitionError */
export function readFault(given: unknown, path: string): Fault {
  if (typeof given !== 'object' || given === null) throw new DefinitionError(path, 'expected an object')
  const kind = oneOf(...faultKinds)('kind' in given ? given.kind : undefined, member(path, 'kind'))
  const readers = { kind: oneOf(kind), ...faultParameters[kind], ...scopeAndOdds }
  const fault: unknown = record<Record<string, Reader<unknown>>>(readers)(given, path)
  return fault as Fault // as: `readers` are those that FaultOf<kind> is made of
}
