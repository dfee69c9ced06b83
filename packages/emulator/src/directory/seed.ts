import { DefinitionError, guid, list, optional, type Reader, record, text } from './definition.ts'
import { createDirectory, type Directory } from './directory.ts'
import { readSeedApp, type SeedApp } from './new-app.ts'

/** What an emulator starts with: plain JSON, described in docs/emulator.md. */
export interface Seed {
  readonly tenants: readonly SeedTenant[]
}

export interface SeedTenant {
  /** GUID. */
  readonly id: string
  /** Default: none; the tenant is then named by its id only. */
  readonly domains?: readonly string[] | undefined
  /** Default: the first domain, or the id. */
  readonly displayName?: string | undefined
  /** Entra: `tenant_region_scope`, such as `EU` or `NA`. Default: `WW`. */
  readonly region?: string | undefined
  readonly apps?: readonly SeedApp[] | undefined
}

/**
 * A directory with a seed's tenants in it.
 *
 * @param seed - Untrusted: most come from a file.
 * @param now - Epoch milliseconds.
 * @throws DefinitionError that names the place, as `seed: tenants[0].apps[1].certificates[0]: not a certificate`.
 */
export function plant(seed: unknown, now: () => number): Directory {
  const { tenants } = readSeed(seed, 'seed:')
  if (tenants.length === 0) throw new DefinitionError('seed: tenants', 'expected at least one tenant')
  const directory = createDirectory(now)
  tenants.forEach(({ apps, ...definition }, t) => {
    const path = `seed: tenants[${t}]`
    const tenant = directory.addTenant(definition, path)
    const planted = apps.map((app, a) => directory.addApp(tenant, app, `${path}.apps[${a}]`).application)
    // Last, for an app may be granted a role of one that stands below it.
    apps.forEach(({ grants }, a) => {
      grants.forEach((grant, g) => {
        directory.grantRole(tenant, planted[a]?.appId ?? '', grant, `${path}.apps[${a}].grants[${g}]`)
      })
    })
  })
  return directory
}

const domain: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase()
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(given))
    throw new DefinitionError(path, 'expected a domain such as contoso.onmicrosoft.com')
  return given
}

const readSeed = record({
  tenants: list(
    record({
      id: guid,
      domains: optional(list(domain), []),
      displayName: optional(text, undefined),
      region: optional(text, 'WW'),
      apps: optional(list(readSeedApp), []),
    }),
  ),
})
