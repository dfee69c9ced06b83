import {
  assertRule,
  code,
  flag,
  isListOf,
  isText,
  isTexts,
  type Rule,
  type Rules,
  text,
  textOrTexts,
} from '../internal/option-rules.ts'
import type { VerifierOptions } from './options.ts'

/**
 * Refuses options that would check less than their author meant, misspelled ones too: no test with good tokens shows
 * that a check is not made.
 *
 * @throws TypeError
 */
export function assertOptions(options: VerifierOptions): void {
  const rules = options.issuer === undefined ? entraRules : issuerRules
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    const rule = rules[name]
    if (rule === undefined) throw new TypeError(`${name} is not an option here`)
    assertRule(name, value, rule)
  }
  const names = given.map(([name]) => name)
  assertOneOf(names, 'tenant', 'tenants', 'anyTenant', 'issuer')
  if (names.includes('metadataUrl')) assertOneOf(names, 'metadataUrl', 'jwksUri')
  if (!names.includes('audience')) throw new TypeError('audience is missing: it says who the API is')
  if (!names.includes('roles') && !names.includes('clients')) {
    throw new TypeError(`name the roles or the clients that may call; clients: 'any' lets every app call`)
  }
}

function assertOneOf(given: readonly string[], ...names: readonly string[]): void {
  if (names.filter((name) => given.includes(name)).length === 1) return
  throw new TypeError(`exactly one of ${names.join(', ')} must be given`)
}

const isGuid = (value: unknown) => isText(value) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)

const isRequest = (value: unknown) =>
  isRecord(value) &&
  Object.entries(value).every(
    ([name, part]) =>
      (name === 'essential' && part === true) ||
      (name === 'value' && isText(part)) ||
      (name === 'values' && isTexts(part)),
  )
const isRequests = (value: unknown) =>
  isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isRequest)

const size: Rule = [(value) => Number.isFinite(value) && Number(value) >= 0, 'a number, not negative']
const count: Rule = [
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000,
  'a whole number from 0 to 1,000,000',
]
const address: Rule = [(value) => isText(value) && URL.canParse(value), 'an absolute URL']

const commonRules: Rules = {
  audience: textOrTexts,
  roles: [isTexts, 'a list of strings, not empty'],
  clients: [(value) => value === 'any' || isTexts(value), `'any' or a list of client ids, not empty`],
  requiredClaims: [isRequests, 'claim names with { essential, value, values }, not empty'],
  clockToleranceSeconds: size,
  rememberTokens: count,
  allowHttpAuthority: flag,
  ca: textOrTexts,
  fetch: code,
  now: code,
}

const entraRules: Rules = {
  ...commonRules,
  tenant: [(value) => isText(value) && value !== 'adfs', 'a GUID or a domain; AD FS is an issuer of its own'],
  tenants: [isListOf(isGuid), 'a list of GUIDs, not empty'],
  anyTenant: [(value) => value === true, 'true'],
  clients: [(value) => value === 'any' || isListOf(isGuid)(value), `'any' or a list of GUIDs, not empty`],
  version: [(value) => value === '1.0' || value === '2.0', `'1.0' or '2.0'`],
  requireCertificate: flag,
  authority: address,
}

const issuerRules: Rules = { ...commonRules, issuer: text, jwksUri: address, metadataUrl: address }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
