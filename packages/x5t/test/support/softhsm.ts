import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { folder, openssl, skipWithoutOpenssl } from './openssl.ts'

const modules = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so']

/** SoftHSM2: a PKCS#11 library whose tokens are files. */
export const softhsm = modules.find(existsSync) ?? ''

/** Test options: skips where there is no SoftHSM2, OpenSC or pkcs11js, and says what brings it. */
export const skipWithoutSofthsm = { skip: skipWithoutOpenssl.skip || missing() }

function missing(): string | false {
  if (softhsm === '' || !isInstalled('pkcs11-tool') || !isInstalled('softhsm2-util')) {
    return 'needs SoftHSM2 and OpenSC: apt-get update && apt-get install -y softhsm2 opensc'
  }
  try {
    createRequire(import.meta.url)('pkcs11js')
    return false
  } catch {
    return 'needs pkcs11js: a C++ compiler, make and Python, then npm install, or npm rebuild pkcs11js if it is there'
  }
}

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined
}

export const pin = '648219'

/**
 * A token of its own for this process, empty.
 *
 * @param mechanisms - As `slots.mechanisms` of softhsm2.conf: `-CKM_RSA_PKCS_PSS` takes one away.
 */
export function initToken(label: string, mechanisms = 'ALL'): void {
  mkdirSync(folder.path('tokens'), { recursive: true })
  const lines = [`directories.tokendir = ${folder.path('tokens')}`, `slots.mechanisms = ${mechanisms}`]
  process.env.SOFTHSM2_CONF = folder.write('softhsm2.conf', `${lines.join('\n')}\n`)
  execFileSync('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    label,
    '--so-pin',
    '1111',
    '--pin',
    pin,
  ])
}

/** Makes an RSA key in the token, which never leaves it, and a certificate for it, which goes there too. */
export function makeTokenKey(token: string, object: string, id: string, ...options: string[]): string {
  const name = ['--label', object, '--id', id]
  pkcs11Tool(token, '--keypairgen', '--key-type', 'rsa:2048', ...name, ...options)
  const certificate = certifyTokenKey(token, object, id)
  const der = folder.path(`${object}.der`)
  openssl('x509', '-in', certificate, '-outform', 'DER', '-out', der)
  pkcs11Tool(token, '--write-object', der, '--type', 'cert', ...name)
  return certificate
}

/** A certificate for the public half of a key in the token; the path of its PEM. */
export function certifyTokenKey(token: string, object: string, id: string): string {
  const publicKey = folder.path(`${object}.pub`)
  pkcs11Tool(token, '--read-object', '--type', 'pubkey', '--id', id, '--output-file', publicKey)
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc']
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca')
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30', '-out', `${object}.pem`]
  openssl('x509', '-new', '-force_pubkey', publicKey, '-subj', `/CN=${object}`, ...by)
  return folder.path(`${object}.pem`)
}

export function pkcs11Tool(token: string, ...options: string[]): string {
  const login = ['--module', softhsm, '--token-label', token, '--login', '--pin', pin]
  return execFileSync('pkcs11-tool', [...login, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
