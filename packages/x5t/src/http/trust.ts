import { createSecureContext, type SecureContext } from 'node:tls'
import { type Environment, extraCaCertificates } from './environment.ts'

/**
 * What TLS trusts: the certificates that this process trusts anyway, `NODE_EXTRA_CA_CERTS` included, and `ca`.
 * The `ca` option of `node:tls` would replace them, and listing `rootCertificates` there costs 50 ms.
 *
 * @throws TypeError when `ca` holds no PEM certificate: Node would say nothing, and trust nothing more.
 */
export function trusting(
  ca: string | readonly string[] | undefined,
  environment?: Environment,
): { secureContext?: SecureContext } {
  if (ca === undefined) return {}
  const given = [ca].flat()
  if (!given.every((pem) => String(pem).includes('-----BEGIN CERTIFICATE-----'))) {
    throw new TypeError('ca must be PEM certificates')
  }
  const secureContext = createSecureContext()
  // Undocumented, and what `createSecureContext` itself calls for each `ca`; here the usual ones are in it already.
  for (const pem of [...given, ...extraCaCertificates(environment)]) secureContext.context.addCACert(pem)
  return { secureContext }
}
