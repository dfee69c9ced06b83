import { parseJws } from '../judge/assertion/jws.ts'
import { basicCredentials } from '../judge/client-secret.ts'
import type { TokenRequest } from '../judge/hearing.ts'

/** A form field as it may be shown. */
export interface ShownField {
  readonly name: string
  /** Undefined where it is not for showing. */
  readonly value: string | undefined
  /** What stands in for a value that is not shown, or was cut. */
  readonly note: string | undefined
}

/** A client assertion in its three parts, the third of which is never shown: with it, others could use it. */
export interface ShownAssertion {
  /** As sent, base64url. */
  readonly headerPart: string
  readonly claimsPart: string
  /** Characters of the third. */
  readonly signatureLength: number
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Fields whose values may be shown. Any other may hold what somebody meant to keep: a password, a code, a secret under
 * a misspelt name.
 */
const shownFields: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_assertion_type',
  'scope',
  'resource',
  'claims',
  'client_info',
  'response_type',
  'token_type',
  'client-request-id',
  'return-client-request-id',
  'requested_token_use',
  'api-version',
  'x-ms-lib-capability',
])
const shownPrefix = /^x-(client|app|anchormailbox)/i

/** Stands among the fields, for a client can prove itself there too. */
export const authorizationField = 'Authorization header'

/** Characters. */
const longestValue = 2000
const longestName = 100
const mostFields = 60

export function shownFieldsOf({ form, authorization }: TokenRequest): readonly ShownField[] {
  const fields = [...form.fields].slice(0, mostFields).map(([name, value]) => shownField(name, value))
  for (const name of [...form.repeated].slice(0, mostFields))
    fields.push({ name: cut(name, longestName), value: undefined, note: 'sent again' })
  if (form.fields.size > mostFields)
    fields.push({ name: '…', value: undefined, note: `${form.fields.size - mostFields} more fields` })
  if (authorization !== undefined) fields.unshift(shownAuthorization(authorization))
  return fields
}

function shownField(name: string, value: string): ShownField {
  const length = value.length === 1 ? '1 character' : `${value.length} characters`
  if (name === 'client_assertion' && parseJws(value) !== undefined)
    return { name, value: undefined, note: 'a JWT, its three parts below' }
  if (!shownFields.has(name) && !shownPrefix.test(name))
    return { name: cut(name, longestName), value: undefined, note: `${length}, not shown` }
  const note = value.length > longestValue ? `the first ${longestValue} of ${length}` : undefined
  return { name, value: cut(value, longestValue), note }
}

function shownAuthorization(authorization: string): ShownField {
  const name = authorizationField
  const basic = basicCredentials(authorization)
  if (basic === undefined) return { name, value: undefined, note: 'not Basic, not shown' }
  return { name, value: `Basic, client ${cut(basic.clientId, longestName)}`, note: 'secret not shown' }
}

export function shownAssertionOf({ form }: TokenRequest): ShownAssertion | undefined {
  const assertion = form.fields.get('client_assertion') ?? ''
  const jws = parseJws(assertion)
  if (jws === undefined) return undefined
  const [headerPart = '', claimsPart = '', signature = ''] = assertion.split('.')
  const { header, claims } = jws
  return { headerPart, claimsPart, signatureLength: signature.length, header, claims }
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text)
