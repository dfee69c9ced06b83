import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { toPem } from '../../src/certificate/pem.ts'
import { octets, sequence } from '../../src/certificate/write-der.ts'
import { folder, openssl } from '../support/openssl.ts'
import {
  base64,
  dhParameters,
  followed,
  type Kit,
  newKey,
  pfx,
  pkcs8,
  revocationList,
  selfSigned,
} from './kit.ts'
import type { Rows } from './row.ts'

const day = 86_400_000
const both = ({ pem }: Kit) => pem.key + pem.leaf
const publicPem = (key: KeyObject, type: 'spki' | 'pkcs1') =>
  createPublicKey(key).export({ format: 'pem', type }).toString()
/** The same every time, and nothing that begins like a known form. */
const noise = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 31 + i * 7 + 0xc1) & 0xff))

/** What is refused whatever the passphrase. */
export const refusedRows: Rows = {
  'a file that is not there': {
    outcome: 'ERR_FILE_MISSING',
    files: { nowhere: () => ({ after: [folder.path('nowhere.pem')] }) },
  },
  'a directory': {
    outcome: 'ERR_FILE_IS_DIRECTORY',
    files: {
      directory: () => {
        mkdirSync(folder.path('a-directory'))
        return { after: [folder.path('a-directory')] }
      },
    },
  },
  'a file of more than 1 MiB, or a device that does not end': {
    outcome: 'ERR_FILE_TOO_LARGE',
    files: { large: () => Buffer.alloc(1_048_577), device: () => ({ after: ['/dev/zero'] }) },
  },
  'an empty file, or white space': {
    outcome: 'ERR_INPUT_EMPTY',
    files: { empty: () => '', 'white-space': () => ' \r\n\t', 'only-a-bom': () => '\uFEFF' },
  },
  '30 KB of noise, or any text': {
    outcome: 'ERR_INPUT_UNKNOWN',
    files: {
      noise: () => noise,
      'noise.txt': () => Buffer.alloc(30_000, 'nöise '),
      'url.txt': () => 'https://vault.azure.net/secrets/a',
      'path.txt': () => '/etc/ssl/private/app.pem',
      'thumbprint.txt': ({ thumbprints }) => thumbprints.sha1,
      'page.html': () => '<html><body>Sign in to your account</body></html>',
      zeros: () => Buffer.alloc(4_096),
    },
  },
  'a Java keystore, a PuTTY key, an SSH public key, JSON': {
    outcome: 'ERR_INPUT_UNKNOWN',
    files: {
      'keystore.jks': () => Buffer.from('feedfeed0000000200000001', 'hex'),
      'keystore.jceks': () => Buffer.from('cececece0000000200000001', 'hex'),
      'keystore.bks': () => Buffer.from('0000000200000014', 'hex'),
      // Two sequences in one, as BCFKS has it
      'keystore.bcfks': () => sequence(sequence(octets(Buffer.alloc(200, 1))), sequence(octets(noise))),
      'putty.ppk': () => 'PuTTY-User-Key-File-3: ssh-rsa\n',
      'id_rsa.pub': () => 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@host',
      'key.jwk': ({ key }) => JSON.stringify(key.export({ format: 'jwk' })),
    },
  },
  'PEM without its END line, or not base64': {
    outcome: 'ERR_INPUT_DAMAGED',
    files: {
      'no-end.pem': (kit) => both(kit).slice(0, -30),
      'cut-key.pem': ({ pem }) => pem.leaf + pem.key.slice(0, 900),
      'star.pem': (kit) => both(kit).replace('MII', 'M*I'),
      'other-end.pem': (kit) => both(kit).replace('END PRIVATE KEY', 'END CERTIFICATE'),
      'mask.pem': () => '-----BEGIN PRIVATE KEY-----\n***\n-----END PRIVATE KEY-----\n',
    },
  },
  'DER or PFX cut short': {
    outcome: 'ERR_INPUT_DAMAGED',
    files: {
      'cut.cer': ({ leafDer }) => leafDer.subarray(0, -5),
      'cut.der': ({ key }) => key.export({ format: 'der', type: 'pkcs8' }).subarray(0, 600),
      'cut.pfx': (kit) => pfx(kit).subarray(0, -5),
      'half.pfx': (kit) => pfx(kit).subarray(0, 1_000),
      'cut-pfx-base64.txt': (kit) => base64(pfx(kit).subarray(0, 1_200)),
    },
  },
  'anything else behind DER or PFX': {
    outcome: 'ERR_INPUT_DAMAGED',
    files: {
      'letter-behind.cer': ({ leafDer }) => followed(leafDer, '\nx'),
      'twice.cer': ({ leafDer }) => Buffer.concat([leafDer, leafDer]),
      'form-feed-behind.der': ({ key }) => followed(key.export({ format: 'der', type: 'pkcs8' }), '\f'),
      'letter-behind.pfx': (kit) => followed(pfx(kit), '\0\0x'),
    },
  },
  'no private key': {
    outcome: 'ERR_KEY_MISSING',
    files: {
      'only-leaf.pem': ({ pem }) => pem.leaf,
      'only-leaf.cer': ({ leafDer }) => leafDer,
      'only-chain.pem': ({ pem }) => pem.leaf + pem.intermediate + pem.root,
    },
  },
  'a public key where the private key belongs': {
    outcome: 'ERR_KEY_MISSING',
    files: {
      'public-spki.pem': ({ key, pem }) => publicPem(key, 'spki') + pem.leaf,
      'public-pkcs1.pem': ({ key, pem }) => publicPem(key, 'pkcs1') + pem.leaf,
    },
  },
  'a certificate where the private key belongs': {
    outcome: 'ERR_KEY_IS_CERTIFICATE',
    files: { 'two-certificates.pem': ({ pem, files }) => ({ content: pem.root, after: [files.leaf] }) },
  },
  'a private key that is none, is damaged, or is an OpenSSH one': {
    outcome: 'ERR_KEY_INVALID',
    files: {
      'no-key-inside.pem': ({ pem }) => toPem('PRIVATE KEY', Buffer.alloc(100, 1)) + pem.leaf,
      'damaged-inside.pem': ({ key, pem }) => toPem('RSA PRIVATE KEY', damagedInside(key)) + pem.leaf,
      'openssh-label.pem': ({ pem }) => toPem('OPENSSH PRIVATE KEY', Buffer.alloc(100, 1)) + pem.leaf,
    },
  },
  'an EC, Ed25519 or RSA-PSS key': {
    outcome: 'ERR_KEY_UNSUPPORTED',
    files: {
      'ec-key.pem': ({ pem }) => pkcs8(newKey('ec')) + pem.leaf,
      'ed25519-key.pem': ({ pem }) => pkcs8(newKey('ed25519')) + pem.leaf,
      'rsa-pss-key.pem': ({ pem }) => pkcs8(newKey('rsa-pss')) + pem.leaf,
      'ec-sec1.pem': ({ pem }) => newKey('ec').export({ format: 'pem', type: 'sec1' }).toString() + pem.leaf,
      'ec-sec1.der': ({ files }) => ({
        content: newKey('ec').export({ format: 'der', type: 'sec1' }),
        after: [files.leaf],
      }),
      'ec-pair': () => ({ after: selfSigned('ec', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256') }),
      'ed25519-pair': () => ({ after: selfSigned('ed25519', '-newkey', 'ed25519') }),
    },
  },
  'an RSA key under 2048 bits': {
    outcome: 'ERR_KEY_TOO_SMALL',
    files: {
      'small-key.pem': ({ pem }) => pkcs8(newKey('small')) + pem.leaf,
      'small-pair': () => ({ after: selfSigned('small', '-newkey', 'rsa:1024') }),
    },
  },
  'no certificate, only a request, a revocation list or PKCS#7': {
    outcome: 'ERR_CERT_MISSING',
    files: {
      'revocations-only.pem': (kit) => kit.pem.key + revocationList(kit),
      'parameters-only.pem': ({ pem }) => pem.key + dhParameters,
      'only-key.pem': ({ pem }) => pem.key,
      'leaf.csr': ({ files }) => ({
        content: openssl('req', '-new', '-key', files.key, '-subj', '/CN=leaf'),
        after: [files.key],
      }),
      'chain.p7b': ({ files }) => ({
        content: openssl('crl2pkcs7', '-nocrl', '-certfile', files.leaf),
        after: [files.key],
      }),
    },
  },
  'a public key where the certificate belongs': {
    outcome: 'ERR_CERT_IS_PUBLIC_KEY',
    files: { 'key-and-public.pem': ({ key, pem }) => pem.key + publicPem(key, 'spki') },
  },
  'a certificate that is none': {
    outcome: 'ERR_CERT_INVALID',
    files: { 'no-certificate-inside.pem': ({ pem }) => pem.key + toPem('CERTIFICATE', Buffer.alloc(100, 1)) },
  },
  'more than 32 keys and certificates, as in a trust store': {
    outcome: 'ERR_CERT_AMBIGUOUS',
    files: {
      'store.pem': ({ pem, leafDer }) => {
        const others = Array.from({ length: 32 }, (_, i) => toPem('CERTIFICATE', withLastByte(leafDer, i)))
        return pem.key + pem.leaf + others.join('')
      },
    },
  },
  'several pairs, or several certificates for one key': {
    outcome: 'ERR_CERT_AMBIGUOUS',
    files: {
      'two-pairs.pem': (kit) => ({ content: both(kit), after: kit.strangerFiles }),
      'renewed.pem': (kit) =>
        both(kit) + openssl('req', '-x509', '-key', kit.files.key, '-subj', '/CN=again'),
    },
  },
  'a key and a certificate that do not belong together': {
    outcome: 'ERR_CERT_KEY_MISMATCH',
    files: {
      'stranger-key.pem': ({ stranger, pem }) => pkcs8(stranger) + pem.leaf,
      'stranger-chain.pem': ({ stranger, pem }) => pkcs8(stranger) + pem.leaf + pem.intermediate,
      'stranger-leaf.pem': ({ pem, strangerFiles }) => ({ content: pem.key, after: [strangerFiles[1]] }),
    },
  },
  "an expired certificate, with `outsideDates: 'refuse'`": {
    outcome: 'ERR_CERT_EXPIRED',
    files: {
      'later.pem': (kit) => ({
        content: `${both(kit)}later\n`,
        outsideDates: 'refuse',
        now: () => Date.now() + 366 * day,
      }),
    },
  },
  "a certificate that is not yet valid, with `outsideDates: 'refuse'`": {
    outcome: 'ERR_CERT_NOT_YET_VALID',
    files: {
      'earlier.pem': (kit) => ({
        content: `${both(kit)}earlier\n`,
        outsideDates: 'refuse',
        now: () => Date.now() - day,
      }),
    },
  },
}

/** The public half is whole, so the key still belongs to its certificate. */
function damagedInside(of: KeyObject): Uint8Array {
  const der = of.export({ format: 'der', type: 'pkcs1' })
  const { d = '', p = '' } = of.export({ format: 'jwk' })
  for (const part of [d, p]) {
    const at = der.indexOf(Buffer.from(part, 'base64url')) + 50
    der.writeUInt8(der.readUInt8(at) ^ 1, at)
  }
  return der
}

/** Another signature, and so another certificate. */
function withLastByte(der: Buffer, last: number): Buffer {
  return Buffer.concat([der.subarray(0, -1), Buffer.of(last)])
}
