import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { folder, openssl } from './openssl.ts'

/**
 * A server certificate that is its own authority, with its key: what `https.createServer` takes, and what to trust.
 *
 * @param extensions - More of them, as `openssl req -addext` takes them.
 */
export function selfSigned(
  host: string,
  authority = host,
  extensions: readonly string[] = [],
): { key: string; cert: string; path: string } {
  const [key, cert] = [`${authority}.key`, `${authority}.pem`]
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'] // an RSA key takes 0.3 s
  const request = ['req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${authority}`]
  const added = [`subjectAltName=${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`, ...extensions].flatMap(
    (each) => ['-addext', each],
  )
  openssl(...request, '-keyout', key, '-out', cert, ...added)
  const read = (name: string) => readFileSync(folder.path(name), 'utf8')
  return { key: read(key), cert: read(cert), path: folder.path(cert) }
}
