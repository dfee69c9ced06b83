import { type Authority, metadataUrl, parseAuthority } from '../entra/authority.ts'
import { TokenValidationError, X5tError } from '../errors.ts'
import { checksMade, shown } from './checks.ts'
import { isTenantId, readEntraClaims } from './claims.ts'
import { entraChecks, type TokenVersion } from './entra-checks.ts'
import type { EntraOptions } from './options.ts'
import type { KeySetAt, TrustedIssuer, TrustedIssuers } from './trusted-issuer.ts'

/** Stands for the tenant in the metadata for every tenant, and in the keys that sign for every tenant. */
const placeholder = '{tenantid}'
const everyTenant = 'common'
const nobody = '00000000-0000-0000-0000-000000000000'

/** The issuers of Entra: one for each tenant and version, each with its own metadata and keys. */
export function createEntraIssuers(options: EntraOptions, keySetAt: KeySetAt): TrustedIssuers {
  const authorities = authoritiesOf(options)
  const wanted = options.version === undefined ? versions : [options.version]
  const byTenant = new Map(
    authorities.map((authority) => {
      const issuers = wanted.map((version) => [version, issuerAt(authority, version)] as const)
      return [authority.tenant, new Map<TokenVersion, TrustedIssuer>(issuers)] as const
    }),
  )
  const [first] = authorities
  const only = options.tenants === undefined ? first : undefined
  const ofOnly = byTenant.get(only?.tenant ?? '')

  function issuerAt({ origin, tenant }: Authority, version: TokenVersion): TrustedIssuer {
    const checks = entraChecks(version, options)
    return {
      checks,
      checksMade: checksMade(checks),
      keySet: keySetAt(new URL(metadataUrl({ origin, tenant }, version)), async (read) => {
        const metadata = await read()
        if (announces(metadata.issuer, tenant)) return metadata
        throw new X5tError(
          'ERR_METADATA_INVALID',
          `metadata of tenant ${tenant} names issuer ${shown(metadata.issuer)}`,
        )
      }),
      isIssuerOf({ iss, tid }, announced) {
        return isFor(announced, iss, tid) && tenantOf(iss) === tid
      },
      mayUse(key, { iss, tid }) {
        if (key.issuer === undefined || isFor(key.issuer, iss, tid)) return true
        return version === '1.0' && isFor(key.issuer, `${origin}/${tid}/v2.0`, tid)
      },
    }
  }

  return {
    authorizationUri: `${first?.origin}/${only?.tenant ?? everyTenant}/oauth2/v2.0/authorize`,
    chooseIssuer(untyped) {
      const { ver, tid } = readEntraClaims(untyped)
      const issuers = ofOnly ?? byTenant.get(tid)
      if (issuers === undefined)
        throw new TokenValidationError('ERR_TOKEN_ISSUER', `token is of tenant ${tid}`)
      const issuer = issuers.get(ver)
      if (issuer !== undefined) return issuer
      throw new TokenValidationError('ERR_TOKEN_VERSION', `token is of version ${ver}`, {
        hint: 'requestedAccessTokenVersion in the registration of the API decides the version of its tokens',
      })
    },
  }
}

const versions = ['1.0', '2.0'] as const

/** A path segment that the parser of tenants refuses, with reason, so only the origin is parsed for it. */
function authoritiesOf({ tenant, tenants, anyTenant, ...options }: EntraOptions): readonly Authority[] {
  if (anyTenant) return [{ ...parseAuthority({ ...options, tenant: nobody }), tenant: everyTenant }]
  return (tenants ?? [tenant]).map((name) => parseAuthority({ ...options, tenant: name }))
}

/** The metadata of one tenant names that tenant, by GUID even where it was asked for by domain. */
function announces(issuer: string, tenant: string): boolean {
  const named = tenantOf(issuer)
  if (tenant === everyTenant) return named === placeholder
  return isTenantId(tenant) ? named === tenant : isTenantId(named)
}

/** True if `issuer` is what is announced, the tenant filled in. */
function isFor(announced: string, issuer: string, tenant: unknown): boolean {
  return announced === issuer || announced.replace(placeholder, String(tenant)) === issuer
}

/** The first segment of the path. */
function tenantOf(issuer: string): string {
  const start = issuer.indexOf('/', 'https://'.length) + 1
  return issuer.slice(start, issuer.indexOf('/', start))
}
