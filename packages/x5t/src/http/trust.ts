import { createSecureContext, type SecureContext } from 'node:tls'
import { type Environment, extraCaCertificates } from './environment.ts'
import { parseCa } from './parse-ca.ts'

/**
 * What TLS trusts: the certificates that this process trusts anyway, `NODE_EXTRA_CA_CERTS` included, and `ca`.
 * The `ca` option of `node:tls` would replace them, and listing `rootCertificates` there costs 50 ms.
 *
 * @param environment - Default: `process.env`, whose `NODE_EXTRA_CA_CERTS` Node honours by itself where `ca` is left out.
 * @throws TypeError as `parseCa`.
 */
export function trusting(
  ca: string | readonly string[] | undefined,
  environment?: Environment,
): { secureContext?: SecureContext } {
  if (ca === undefined && environment === undefined) return {}
  const given = ca === undefined ? [] : parseCa(ca)
  const added = [...given, ...extraCaCertificates(environment)]
  if (added.length === 0) return {}
  const secureContext = createSecureContext()
  // Undocumented, and what `createSecureContext` itself calls for each `ca`; here the usual ones are in it already.
  for (const pem of added) secureContext.context.addCACert(pem)
  return { secureContext }
}
