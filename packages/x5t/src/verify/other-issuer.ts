import { ConfigurationError, X5tError } from '../errors.ts'
import { shownAddress } from '../internal/redact.ts'
import { audienceCheck, type Check, checksMade, clientCheck, roleCheck, shown } from './checks.ts'
import { claimRequestsCheck } from './claim-requests.ts'
import type { IssuerOptions } from './options.ts'
import type { KeySetAt, TrustedIssuer, TrustedIssuers } from './trusted-issuer.ts'

/** One issuer that is not Entra. Its keys need not say whose they are, and what Entra adds to tokens is not asked for. */
export function createOtherIssuer(options: IssuerOptions, keySetAt: KeySetAt): TrustedIssuers {
  const address = addressOf(options)
  const checks = checksFor(options)
  const issuer: TrustedIssuer = {
    checks,
    checksMade: checksMade(checks),
    keySet: keySetAt(address, async (read) => {
      if (options.jwksUri !== undefined) return { issuer: options.issuer, jwksUri: address }
      const metadata = await read()
      if (metadata.issuer === options.issuer) return metadata
      throw new X5tError(
        'ERR_METADATA_INVALID',
        `${shownAddress(address.href)} names issuer ${shown(metadata.issuer)}`,
      )
    }),
    isIssuerOf: ({ iss }, announced) => iss === announced,
    mayUse: () => true,
  }
  return { chooseIssuer: () => issuer }
}

/** Of the keys, or of the metadata that says where they are. */
function addressOf({ issuer, jwksUri, metadataUrl, allowHttpAuthority }: IssuerOptions): URL {
  const text = jwksUri ?? metadataUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && allowHttpAuthority === true)) {
    if (url.username === '' && url.password === '') return url
    throw new ConfigurationError('ERR_AUTHORITY_INVALID', `'${shownAddress(text)}' must have no user`)
  }
  throw new ConfigurationError('ERR_AUTHORITY_INVALID', `'${shownAddress(text)}' is not an https address`, {
    hint: 'keys must not come in the clear; allowHttpAuthority permits it for a local emulator',
  })
}

function checksFor({ audience, requiredClaims, clients, roles }: IssuerOptions): readonly Check[] {
  const checks = [audienceCheck(new Set([audience].flat()))]
  if (requiredClaims !== undefined) checks.push(claimRequestsCheck(requiredClaims))
  if (clients !== undefined && clients !== 'any')
    checks.push(clientCheck(new Set(clients), 'client_id', 'azp'))
  if (roles !== undefined) checks.push(roleCheck(new Set(roles)))
  return checks
}
