import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { folder } from '../support/openssl.ts'
import { type Kit, made, passphrase, pfx } from './kit.ts'
import type { Rows } from './row.ts'

const isInstalled = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).error === undefined

/** Test options: skips without the tools besides OpenSSL, and says what brings them. */
export const skipWithoutTools = {
  skip:
    !(
      isInstalled('certtool', '--version') &&
      isInstalled('pk12util', '-h') &&
      isInstalled('ssh-keygen', '-?') &&
      spawnSync('python3', ['-c', 'import cryptography']).status === 0
    ) &&
    'needs GnuTLS, NSS, OpenSSH and Python: apt-get install gnutls-bin libnss3-tools openssh-client python3-cryptography',
}

/** 600,000 rounds for each part, as GnuTLS and NSS write today; so there are few of them. */
export const toolRows: Rows = {
  'PFX and encrypted PKCS#8 by GnuTLS': {
    outcome: 'loads',
    files: {
      'gnutls.p12': (kit) => toP12(kit, '--pkcs-cipher', 'aes-256', '--password', passphrase),
      'gnutls-no-password.p12': (kit) => ({ content: toP12(kit, '--null-password'), passphrase: undefined }),
      'gnutls-aes128.key': (kit) => ({ content: toP8(kit, 'aes-128'), after: [kit.files.leaf] }),
    },
  },
  'PFX by NSS (Firefox)': {
    outcome: 'loads',
    files: {
      'nss.p12': (kit) => byNss(kit),
    },
  },
  'PFX by Python (cryptography)': {
    outcome: 'loads',
    files: {
      'python.p12': (kit) => byPython(kit, 'PBESv2SHA256AndAES256CBC', 'SHA512'),
      'python-3des.p12': (kit) => byPython(kit, 'PBESv1SHA1And3KeyTripleDESCBC', 'SHA1'),
    },
  },
  'PEM by `ssh-keygen -m PEM` or `-m PKCS8`': {
    outcome: 'loads',
    files: {
      'ssh-pem': (kit) => bySsh(kit, 'PEM', ''),
      'ssh-pem-encrypted': (kit) => bySsh(kit, 'PEM', passphrase),
      'ssh-pkcs8-encrypted': (kit) => bySsh(kit, 'PKCS8', passphrase),
    },
  },
  'a private key that is none, is damaged, or is an OpenSSH one': {
    outcome: 'ERR_KEY_INVALID',
    files: {
      id_rsa: (kit) => bySsh(kit, 'RFC4716', ''),
      'id_rsa-encrypted': (kit) => bySsh(kit, 'RFC4716', passphrase),
    },
  },
}

function toP12({ files }: Kit, ...options: string[]): Buffer {
  const pair = ['--load-privkey', files.key, '--load-certificate', files.leaf, '--p12-name', 'app']
  return made(
    'gnutls.p12',
    'certtool',
    '--to-p12',
    ...pair,
    ...options,
    '--outder',
    '--outfile',
    'gnutls.p12',
  )
}

function toP8({ files }: Kit, cipher: string): Buffer {
  const options = ['--load-privkey', files.key, '--password', passphrase, '--pkcs-cipher', cipher]
  return made('gnutls.p8', 'certtool', '--to-p8', ...options, '--outfile', 'gnutls.p8')
}

function byNss(kit: Kit): Buffer {
  const database = ['-d', `sql:${folder.path('nss')}`]
  if (mkdirSync(folder.path('nss'), { recursive: true }) !== undefined) {
    const imported = ['-i', folder.write('for-nss.p12', pfx(kit, '-name', 'app')), '-W', passphrase]
    made('nss/cert9.db', 'certutil', '-N', ...database, '--empty-password')
    made('nss/key4.db', 'pk12util', ...imported, ...database, '-K', '')
  }
  return made('nss.p12', 'pk12util', '-o', 'nss.p12', '-n', 'app', ...database, '-K', '', '-W', passphrase)
}

function byPython({ files }: Kit, scheme: string, hash: string): Buffer {
  const script = `
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate
key, leaf = [open(path, 'rb').read() for path in sys.argv[1:3]]
encryption = (serialization.PrivateFormat.PKCS12.encryption_builder()
  .key_cert_algorithm(getattr(pkcs12.PBES, sys.argv[3])).hmac_hash(getattr(hashes, sys.argv[4])())
  .build(sys.argv[5].encode()))
pair = serialization.load_pem_private_key(key, None), load_pem_x509_certificate(leaf)
open('python.p12', 'wb').write(pkcs12.serialize_key_and_certificates(b'app', *pair, None, encryption))
`
  return made('python.p12', 'python3', '-c', script, files.key, files.leaf, scheme, hash, passphrase)
}

function bySsh({ files }: Kit, format: string, newPassphrase: string) {
  copyFileSync(files.key, folder.path('ssh'))
  const content = made(
    'ssh',
    'ssh-keygen',
    '-p',
    '-q',
    '-m',
    format,
    '-P',
    '',
    '-N',
    newPassphrase,
    '-f',
    'ssh',
  )
  return { content, after: [files.leaf] }
}
