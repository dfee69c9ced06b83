import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Environment, extraCaCertificates } from './environment.ts'

/**
 * What TLS trusts: the certificates that this process trusts anyway, `NODE_EXTRA_CA_CERTS` included, and `ca`.
 * The `ca` option of `node:tls` would replace them, and listing `rootCertificates` there costs 50 ms.
 *
 * @param environment - Default: `process.env`, whose `NODE_EXTRA_CA_CERTS` Node honours by itself where `ca` is left out.
 * @throws TypeError when `ca` holds no PEM certificate, or one that cannot be read: Node would say nothing, and trust
 * neither that nor what follows it.
 */
export function trusting(
  ca: string | readonly string[] | undefined,
  environment?: Environment,
): { secureContext?: SecureContext } {
  if (ca === undefined && environment === undefined) return {}
  const given = ca === undefined ? [] : readableCertificates([ca].flat())
  const added = [...given, ...extraCaCertificates(environment)]
  if (added.length === 0) return {}
  const secureContext = createSecureContext()
  // Undocumented, and what `createSecureContext` itself calls for each `ca`; here the usual ones are in it already.
  for (const pem of added) secureContext.context.addCACert(pem)
  return { secureContext }
}

const begin = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/

/** Spaces before a line, and `\n` in the place of its end, are what is left of a PEM in many an environment variable. */
function readableCertificates(texts: readonly string[]): string[] {
  const blocks = texts.map((text) => String(text).split(begin).slice(1))
  if (blocks.some(({ length }) => length === 0)) throw new TypeError('ca must be PEM certificates')
  return blocks.flat().map((block, index) => {
    const [base64 = ''] = block.split('-----END')
    try {
      return new X509Certificate(Buffer.from(base64.replace(/\\+[rn]/g, ''), 'base64')).toString()
    } catch (cause) {
      throw new TypeError(`certificate ${index + 1} of ca cannot be read`, { cause })
    }
  })
}
