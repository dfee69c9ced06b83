import { readFileSync } from 'node:fs'
import { folder, openssl } from './openssl.ts'

/** A server certificate that is its own authority, with its key: what `https.createServer` takes, and what to trust. */
export function selfSigned(...names: readonly string[]): { key: string; cert: string; path: string } {
  const id = names.join('-')
  const [key, cert] = [`${id}.key`, `${id}.pem`]
  const subjectAltName = names.map((name) => `DNS:${name}`).join()
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${names[0]}`]
  openssl(...request, '-keyout', key, '-out', cert, '-addext', `subjectAltName=${subjectAltName}`)
  const read = (name: string) => readFileSync(folder.path(name), 'utf8')
  return { key: read(key), cert: read(cert), path: folder.path(cert) }
}
