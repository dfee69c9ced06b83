import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { issueCertificate } from '../certificate/issue-certificate.ts'
import { makePrivateFolder, readIfThere, replaceFile, writeOnce } from '../file/kept-file.ts'
import { graphHost, publicLoginHosts } from '../hosts.ts'

/** The emulator's own certificate authority. */
export interface Authority {
  readonly certificate: X509Certificate
  readonly privateKey: KeyObject
  /** The certificate, for others to trust. */
  readonly pem: string
}

/** The certificate and key that a TLS server shows. */
export interface ServerCertificate {
  /** PEM. */
  readonly cert: string
  /** PKCS#8, PEM. */
  readonly key: string
}

const dayMs = 86_400_000
const authorityLifetimeMs = 3650 * dayMs
/** TLS clients refuse server certificates that live longer than this. */
const serverLifetimeMs = 397 * dayMs
/** Clocks differ: a virtual machine or container may be a little behind. */
const backdatedMs = 60 * 60_000

const authorityName = 'x5t emulator, not Microsoft'

/** The emulator's names, and the public ones that a hosts file may map to it. */
export const tlsHosts: readonly string[] = ['localhost', '127.0.0.1', '::1', ...publicLoginHosts, graphHost]

const generateKeys = () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })

/**
 * The authority kept in a folder, made where there is none or it would not outlive the certificates it signs.
 *
 * `ca-key.pem` (mode 0600) holds key and certificate in one file, so that no crash and no second emulator can leave
 * halves that do not belong together; `ca.pem` is a copy of the certificate for others to trust.
 *
 * @param folder - Undefined: a new one, in memory only.
 * @param now - Epoch milliseconds, by the clock of TLS clients.
 * @throws Error where the folder holds something else under that name: it may be trusted, so it is not replaced.
 */
export async function openAuthority(folder: string | undefined, now: number): Promise<Authority> {
  if (folder === undefined) return makeAuthority(now)
  makePrivateFolder(folder)
  const authority = await keptAuthority(folder, now)
  const copy = join(folder, 'ca.pem')
  if (readIfThere(copy) !== authority.pem) replaceFile(copy, authority.pem, 0o644)
  return authority
}

/** A certificate for the emulator's hosts, and the key to it. */
export async function issueServerCertificate(authority: Authority, now: number): Promise<ServerCertificate> {
  const { publicKey, privateKey } = await generateKeys()
  const der = await issueCertificate({
    commonName: 'localhost',
    publicKey,
    issuer: { commonName: authorityName, privateKey: authority.privateKey },
    notBefore: now - backdatedMs,
    notAfter: now + serverLifetimeMs,
    purpose: { servesHosts: tlsHosts },
  })
  return { cert: new X509Certificate(der).toString(), key: toPem(privateKey) }
}

/**
 * An elliptic-curve authority, for those keys are made at once. It can vouch for nothing but the emulator's hosts, so
 * that trusting it costs little.
 */
async function makeAuthority(now: number): Promise<Authority> {
  const { publicKey, privateKey } = await generateKeys()
  const der = await issueCertificate({
    commonName: authorityName,
    publicKey,
    issuer: { commonName: authorityName, privateKey },
    notBefore: now - backdatedMs,
    notAfter: now + authorityLifetimeMs,
    purpose: { vouchesForHosts: tlsHosts },
  })
  const certificate = new X509Certificate(der)
  return { certificate, privateKey, pem: certificate.toString() }
}

async function keptAuthority(folder: string, now: number): Promise<Authority> {
  const file = join(folder, 'ca-key.pem')
  const kept = readAuthority(folder, file)
  if (kept !== undefined && Date.parse(kept.certificate.validTo) > now + serverLifetimeMs) return kept
  const made = await makeAuthority(now)
  const text = `${toPem(made.privateKey)}${made.pem}`
  if (kept !== undefined) replaceFile(file, text, 0o600)
  else writeOnce(file, text, 0o600)
  // Another emulator may have started at the same moment; the file says who was first.
  return readAuthority(folder, file) ?? made
}

function readAuthority(folder: string, file: string): Authority | undefined {
  const text = readIfThere(file)
  if (text === undefined) return undefined
  try {
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE-----')))
    const privateKey = createPrivateKey(text)
    if (!certificate.checkPrivateKey(privateKey))
      throw new Error('certificate and key do not belong together')
    return { certificate, privateKey, pem: certificate.toString() }
  } catch (cause) {
    throw new Error(
      `the certificate authority in ${folder} cannot be read; remove ca-key.pem there to have a new one made`,
      { cause },
    )
  }
}

const toPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
