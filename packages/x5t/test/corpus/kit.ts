import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { toPem } from '../../src/certificate/pem.ts'
import { integer, sequence } from '../../src/certificate/write-der.ts'
import { type Issued, issueChain } from '../support/issued.ts'
import { folder, openssl } from '../support/openssl.ts'
import { exportPfx } from '../support/pfx.ts'

export const passphrase = 'correct horse'
export const legacy = ['-provider', 'legacy', '-provider', 'default']

/** As another tool computes them, upper-case hex. */
export interface Thumbprints {
  readonly sha1: string
  readonly sha256: string
}

/** What the files of the corpus are made of: one leaf with its chain, and a key that is a stranger to it. */
export interface Kit {
  readonly files: Issued
  readonly pem: Issued
  readonly key: KeyObject
  readonly leafDer: Buffer
  /** Another RSA key, and the paths of it and of its certificate. */
  readonly stranger: KeyObject
  readonly strangerFiles: readonly [key: string, certificate: string]
  /** By OpenSSL. */
  readonly thumbprints: Thumbprints
}

export function makeKit(): Kit {
  const { files, pem } = issueChain()
  const fingerprint = (hash: string) =>
    openssl('x509', '-in', files.leaf, '-noout', '-fingerprint', `-${hash}`)
      .trim()
      .replace(/^.*=|:/g, '')
  const strangerFiles = selfSigned('stranger', '-newkey', 'rsa:2048')
  return {
    files,
    pem,
    key: createPrivateKey(pem.key),
    leafDer: new X509Certificate(pem.leaf).raw,
    stranger: createPrivateKey(readFileSync(strangerFiles[0])),
    strangerFiles,
    thumbprints: { sha1: fingerprint('sha1'), sha256: fingerprint('sha256') },
  }
}

/** Paths of a key and its self-signed certificate. */
export function selfSigned(name: string, ...newKey: string[]): [key: string, certificate: string] {
  const [key, certificate] = [folder.path(`${name}.key`), folder.path(`${name}.pem`)]
  const subject = ['-subj', `/CN=${name}`]
  openssl('req', '-x509', ...newKey, '-noenc', ...subject, '-keyout', key, '-out', certificate)
  return [key, certificate]
}

export const pkcs8 = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()
export const pkcs1 = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs1' }).toString()
export const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64')
export const newKey = (type: 'ec' | 'ed25519' | 'rsa-pss' | 'small'): KeyObject => {
  if (type === 'ec') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey
  if (type === 'small') return generateKeyPairSync('rsa', { modulusLength: 2047 }).privateKey
  return generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
}

/** The private key as a command of OpenSSL encrypts it, and the leaf behind it. */
export function encrypted({ files, pem }: Kit, command: string, ...options: readonly string[]): string {
  const made = ['-in', files.key, '-out', 'made.key', '-passout', `pass:${passphrase}`]
  openssl(command, ...made, ...options)
  return readFileSync(folder.path('made.key'), 'utf8') + pem.leaf
}

export const topk8 = (kit: Kit, ...options: readonly string[]) =>
  encrypted(kit, 'pkcs8', '-topk8', ...options)
export const traditional = (kit: Kit, ...options: readonly string[]) =>
  encrypted(kit, 'rsa', '-traditional', ...options)
export const pfx = ({ files }: Kit, ...options: readonly string[]) => exportPfx(files, passphrase, ...options)

/** With more behind it, as editors and copies of whole blocks leave it. */
export const followed = (bytes: Uint8Array, by: string) => Buffer.concat([bytes, Buffer.from(by)])

/** Runs a tool in the folder of the tests; what it wrote to `out` is the result. */
export function made(out: string, tool: string, ...args: readonly string[]): Buffer {
  execFileSync(tool, args, { cwd: folder.path('.'), stdio: ['ignore', 'ignore', 'pipe'] })
  return readFileSync(folder.path(out))
}

/** An empty one, PEM. */
export function revocationList({ files }: Kit): string {
  folder.write('index.txt', '')
  folder.write('number', '01')
  const settings = [
    'default_ca = a',
    '[a]',
    'database = index.txt',
    'crlnumber = number',
    'default_md = sha256',
  ]
  const config = folder.write('ca.cnf', ['[ca]', ...settings, ''].join('\n'))
  const by = ['-cert', files.leaf, '-keyfile', files.key, '-crldays', '30']
  return openssl('ca', '-gencrl', '-config', config, ...by)
}

/** Two numbers, as a bare RSA public key has them; HAProxy wants them in its PEM. */
export const dhParameters = toPem('DH PARAMETERS', sequence(integer(Buffer.alloc(128, 0x7b)), integer(2)))
