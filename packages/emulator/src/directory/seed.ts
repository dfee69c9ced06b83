import type { NewApp } from './app.ts'
import type { Directory } from './directory.ts'
import { registerCertificate } from './registered-certificate.ts'

/** What a directory starts with: JSON, as docs/emulator.md describes it. */
export interface Seed {
  readonly tenants: readonly SeedTenant[]
}

export interface SeedTenant {
  /** GUID. */
  readonly id: string
  readonly domains?: readonly string[] | undefined
  readonly apps?: readonly SeedApp[] | undefined
}

export interface SeedApp extends Omit<NewApp, 'tenantId' | 'secrets'> {
  readonly appId: string
  readonly secrets?: readonly string[] | undefined
  /** App roles this app is granted on other apps of the tenant. */
  readonly grants?: readonly { readonly resourceAppId: string; readonly role: string }[] | undefined
}

/** Reads a seed into the directory. @throws TypeError naming the path inside the seed that is wrong. */
export function plant(seed: Seed, directory: Directory): void {
  check(seed, 'seed')
  for (const { id, domains = [] } of seed.tenants) {
    directory.addTenant({ id: id.toLowerCase(), domains: domains.map((domain) => domain.toLowerCase()) })
  }
  for (const tenant of seed.tenants) {
    for (const app of tenant.apps ?? []) directory.addApp({ ...app, tenantId: tenant.id.toLowerCase() })
    for (const [index, app] of (tenant.apps ?? []).entries()) {
      for (const [at, grant] of (app.grants ?? []).entries()) {
        try {
          directory.grantRole({ clientAppId: app.appId, tenantId: tenant.id, ...grant })
        } catch (error) {
          throw wrong(
            `seed: apps[${index}].grants[${at}]`,
            error instanceof Error ? error.message : String(error),
          )
        }
      }
    }
  }
}

type Check = (value: unknown, path: string) => void

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const text: Check = (value, path) =>
  expect(typeof value === 'string' && value !== '', path, 'a non-empty string')
const id: Check = (value, path) => expect(typeof value === 'string' && guid.test(value), path, 'a GUID')
const flag: Check = (value, path) => expect(typeof value === 'boolean', path, 'true or false')
const version: Check = (value, path) => expect(value === 1 || value === 2, path, '1 or 2')
const certificate: Check = (value, path) => {
  text(value, path)
  try {
    registerCertificate(String(value))
  } catch (error) {
    throw wrong(path, error instanceof Error ? error.message : String(error))
  }
}

const appMembers = {
  appId: id,
  name: text,
  identifierUris: list(text),
  accessTokenVersion: version,
  appRoles: list(text),
  certificates: list(certificate),
  secrets: list(text),
  assignmentRequired: flag,
  publicClient: flag,
  disabled: flag,
  withoutServicePrincipal: flag,
  blockedByConditionalAccess: flag,
}
const grant = record({ resourceAppId: id, role: text }, ['resourceAppId', 'role'])
const app = record({ ...appMembers, grants: list(grant) }, ['appId', 'name'])
const tenant = record({ id, domains: list(text), apps: list(app) }, ['id'])
const check = record({ tenants: list(tenant, 1) }, ['tenants'])
const newApp = record({ ...appMembers, tenantId: id }, ['name'])

/** @throws TypeError naming the member of `value` that is wrong. */
export function checkNewApp(value: unknown, path: string): NewApp {
  newApp(value, path)
  return value as NewApp // every member was checked
}

/** @throws TypeError unless `value` is a non-empty string. */
export function checkText(value: unknown, path: string): string {
  text(value, path)
  return String(value)
}

function record(members: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, path) => {
    expect(typeof value === 'object' && value !== null && !Array.isArray(value), path, 'an object')
    const entries = Object.entries(value as object) // checked on the line above
    for (const name of required)
      expect(
        entries.some(([own]) => own === name),
        `${path}.${name}`,
        'present',
      )
    for (const [name, member] of entries) {
      const of = Object.hasOwn(members, name) ? members[name] : undefined
      if (of === undefined)
        throw wrong(`${path}.${name}`, `unknown; known are ${Object.keys(members).join(', ')}`)
      of(member, `${path}.${name}`)
    }
  }
}

function list(of: Check, least = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'must be a list')
    if (value.length < least) throw wrong(path, `must have at least ${least}`)
    for (const [index, item] of value.entries()) of(item, `${path}[${index}]`)
  }
}

function expect(holds: boolean, path: string, what: string): void {
  if (!holds) throw wrong(path, `must be ${what}`)
}

const wrong = (path: string, what: string) => new TypeError(`${path}: ${what}`)
