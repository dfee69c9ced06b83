import { createPrivateKey, generateKeyPair, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publicHosts } from '../judge/audience.ts'
import { makeCertificate } from './make-certificate.ts'

/** The emulator's certificate authority, by which clients trust its TLS. */
export interface CertificateAuthority {
  readonly pem: string
  readonly key: KeyObject
}

export interface ServerCertificate {
  /** The server's certificate and the authority's, PEM. */
  readonly cert: string
  /** PKCS#8, PEM. */
  readonly key: string
}

const authorityName = 'x5t emulator, not Microsoft'
const dayMs = 86_400_000

/**
 * Reads the authority kept in `folder`, or makes one there: `ca.pem`, and `ca-key.pem` with mode 0600. One that ends
 * within a month is made anew. Without a folder it lives in memory only.
 */
export async function openAuthority(folder: string | undefined, now: number): Promise<CertificateAuthority> {
  if (folder === undefined) return makeAuthority(now)
  const kept = await readAuthority(folder)
  if (kept !== undefined && Date.parse(new X509Certificate(kept.pem).validTo) > now + 30 * dayMs) return kept
  const made = await makeAuthority(now)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await replace(join(folder, 'ca-key.pem'), toPem(made.key), 0o600)
  await replace(join(folder, 'ca.pem'), made.pem, 0o644)
  return (await readAuthority(folder)) ?? made // another emulator may have started at the same moment
}

/** A certificate for the names under which clients reach the emulator. */
export async function issueServerCertificate(
  authority: CertificateAuthority,
  now: number,
): Promise<ServerCertificate> {
  const { privateKey: key } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const cert = await makeCertificate({
    commonName: 'localhost',
    key,
    days: 397,
    now,
    names: ['localhost', '127.0.0.1', '::1', ...publicHosts, 'graph.microsoft.com'],
    issuer: { commonName: authorityName, key: authority.key },
  })
  return { cert: `${cert}${authority.pem}`, key: toPem(key) }
}

async function makeAuthority(now: number): Promise<CertificateAuthority> {
  const { privateKey: key } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const pem = await makeCertificate({ commonName: authorityName, key, days: 3_650, now, authority: true })
  return { pem, key }
}

/** Key and certificate are written one after the other; a pair that does not belong together counts as absent. */
async function readAuthority(folder: string): Promise<CertificateAuthority | undefined> {
  try {
    const [pem, key] = await Promise.all([
      readFile(join(folder, 'ca.pem'), 'utf8'),
      readFile(join(folder, 'ca-key.pem'), 'utf8').then(createPrivateKey),
    ])
    return new X509Certificate(pem).checkPrivateKey(key) ? { pem, key } : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(
      `the certificate authority in ${folder} cannot be read; remove the folder to have a new one made`,
      {
        cause: error,
      },
    )
  }
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' })
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

const toPem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
