import {
  appOnlyCheck,
  audienceCheck,
  type Check,
  certificateCheck,
  clientCheck,
  roleCheck,
} from './checks.ts'
import { claimRequestsCheck } from './claim-requests.ts'
import type { EntraClaims } from './claims.ts'
import type { EntraOptions } from './options.ts'

export type TokenVersion = EntraClaims['ver']

/**
 * What tokens of one version must say. First what makes a token unfit for this API (401), then what makes its
 * client unwelcome (403).
 */
export function entraChecks(version: TokenVersion, options: EntraOptions): readonly Check[] {
  const { audience, requiredClaims, clients, requireCertificate, roles } = options
  const wire = claimNames[version]
  const accepted = audiences(version, [audience].flat())
  if (accepted.size === 0 && options.version === version) {
    throw new TypeError('audience must name the app id of the API, for that is what v2.0 tokens have')
  }
  const checks = [audienceCheck(accepted, audienceHints[version])]
  if (requiredClaims !== undefined) checks.push(claimRequestsCheck(requiredClaims))
  checks.push(appOnlyCheck)
  if (clients !== undefined && clients !== 'any') {
    checks.push(clientCheck(new Set(clients.map((id) => id.toLowerCase())), wire.client))
  }
  if (requireCertificate) checks.push(certificateCheck(wire.credential))
  if (roles !== undefined) checks.push(roleCheck(new Set(roles)))
  return checks
}

const claimNames = {
  '1.0': { client: 'appid', credential: 'appidacr' },
  '2.0': { client: 'azp', credential: 'azpacr' },
} as const

const audienceHints = {
  '1.0':
    'a v1.0 token says who it is for as the client spelled it; every accepted spelling must stand in audience',
  '2.0': 'a v2.0 token says who it is for by the app id of the API, which must stand in audience',
} as const

/**
 * Entra: access-token-claims-reference, `aud`. A v2.0 token has the app id, a v1.0 token the resource as the client
 * asked for it: the app id, `api://` and the app id, or another application id URI.
 */
function audiences(version: TokenVersion, configured: readonly string[]): ReadonlySet<string> {
  const appIds = configured.map(appIdIn).filter((id) => id !== undefined)
  if (version === '1.0') return new Set([...configured, ...appIds, ...appIds.map((id) => `api://${id}`)])
  return new Set(appIds)
}

function appIdIn(audience: string): string | undefined {
  return /^(?:api:\/\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(audience)?.[1]?.toLowerCase()
}
