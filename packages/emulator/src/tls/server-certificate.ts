import { createPrivateKey, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { addressBytes } from '../certificate/extensions.ts'
import { readIfThere, replaceFile } from '../file/kept-file.ts'
import { type Authority, issueServerCertificate, type ServerCertificate, tlsHosts } from './authority.ts'

/** A certificate nearer to its end than this is made anew. */
const leastLeftMs = 30 * 86_400_000

/**
 * The certificate that the server shows: the one kept in `server.pem` (mode 0600), or a new one where that is not there,
 * not of this authority, near its end, or silent about a host. Making one costs a start half of its time.
 *
 * @param folder - Undefined: a new one, in memory only.
 * @param now - Epoch milliseconds, by the clock of TLS clients.
 */
export async function openServerCertificate(
  authority: Authority,
  folder: string | undefined,
  now: number,
): Promise<ServerCertificate> {
  if (folder === undefined) return issueServerCertificate(authority, now)
  const file = join(folder, 'server.pem')
  const kept = parse(readIfThere(file) ?? '')
  if (kept !== undefined && isGood(kept, authority, now)) return kept
  const made = await issueServerCertificate(authority, now)
  replaceFile(file, `${made.key}${made.cert}`, 0o600)
  return made
}

/** Undefined for a file that somebody damaged: nobody trusts it by itself, so it may be replaced. */
function parse(text: string): ServerCertificate | undefined {
  const at = text.indexOf('-----BEGIN CERTIFICATE-----')
  return at <= 0 ? undefined : { key: text.slice(0, at), cert: text.slice(at) }
}

function isGood({ cert, key }: ServerCertificate, authority: Authority, now: number): boolean {
  try {
    const x509 = new X509Certificate(cert)
    return (
      x509.checkIssued(authority.certificate) &&
      x509.verify(authority.certificate.publicKey) &&
      x509.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(x509.validFrom) <= now &&
      Date.parse(x509.validTo) > now + leastLeftMs &&
      tlsHosts.every((host) => (addressBytes(host) === undefined ? x509.checkHost(host) : x509.checkIP(host)))
    )
  } catch {
    return false
  }
}
