import { readFileSync } from 'node:fs'
import { folder, openssl } from '../support/openssl.ts'
import { exportPfx, joinPfx, pfxWithPbmac1, toIndefiniteLengths, withCostlyRounds } from '../support/pfx.ts'
import { type Kit, legacy, passphrase, pfx, selfSigned } from './kit.ts'
import type { Row, Rows } from './row.ts'

function each(sets: Record<string, readonly string[]>): Row['files'] {
  return Object.fromEntries(
    Object.entries(sets).map(([name, options]) => [name, (kit: Kit) => pfx(kit, ...options)]),
  )
}

/** With the passphrase given to OpenSSL, and to us. */
const under =
  (text: string, ...options: string[]) =>
  (kit: Kit) => ({
    content: exportPfx(kit.files, text, ...options),
    passphrase: text,
  })

/** PKCS#12 files: old and new, by the letter and not. */
export const pfxRows: Rows = {
  'PFX by OpenSSL 3 and Windows since 2019: AES-256, SHA-256': {
    outcome: 'loads',
    files: {
      'modern.pfx': (kit) => ({ content: pfx(kit), chain: ['O=Contoso\nCN=intermediate'] }),
      ...each({
        'modern-named.pfx': ['-name', 'Billing (Produktion)', '-caname', 'Zwischenstelle'],
        'modern-aes128.pfx': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC'],
        'modern-aes192.pfx': ['-keypbe', 'AES-192-CBC', '-certpbe', 'AES-192-CBC'],
        'modern-sha512.pfx': ['-macalg', 'sha512'],
        'modern-sha512-256.pfx': ['-macalg', 'sha512-256'],
        'modern-sha384.pfx': ['-macalg', 'sha384'],
        'modern-sha224.pfx': ['-macalg', 'sha224'],
        'modern-mac-sha1.pfx': ['-macalg', 'sha1'],
        'modern-csp.pfx': ['-CSP', 'Microsoft Enhanced RSA and AES Cryptographic Provider', '-LMK'],
        'modern-keysig.pfx': ['-keysig'],
        'modern-one-round.pfx': ['-iter', '1'],
        'modern-no-mac-rounds.pfx': ['-nomaciter'],
        'modern-30000-rounds.pfx': ['-iter', '30000'],
      }),
      'modern-leaf-only.pfx': ({ files }) => {
        const parts = ['-inkey', files.key, '-in', files.leaf, '-passout', `pass:${passphrase}`]
        openssl('pkcs12', '-export', ...parts, '-out', 'alone.pfx')
        return { content: readFileSync(folder.path('alone.pfx')), chain: [] }
      },
      'modern-and-more.pfx': (kit) => ({
        content: pfx(kit),
        after: [kit.files.root],
        chain: ['O=Contoso\nCN=intermediate', 'O=Contoso\nCN=root'],
      }),
    },
  },
  'PFX by OpenSSL 1 and Windows before 2019: RC2 with 40 bits, 3DES, SHA-1': {
    outcome: 'loads',
    files: each({
      'legacy.pfx': ['-legacy'],
      'legacy-3des.pfx': ['-legacy', '-descert'],
      'legacy-rc2-128.pfx': ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128'],
      'legacy-2des.pfx': ['-legacy', '-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-2DES'],
      'legacy-key-rc2.pfx': ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40'],
      'legacy-des.pfx': ['-legacy', '-keypbe', 'PBE-MD5-DES', '-certpbe', 'PBE-SHA1-DES'],
      'legacy-one-round.pfx': ['-legacy', '-noiter', '-nomaciter'],
      'legacy-20000-rounds.pfx': ['-legacy', '-iter', '20000'],
      'half-modern.pfx': ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'AES-256-CBC'],
      'legacy-certs-modern-key.pfx': ['-legacy', '-keypbe', 'AES-256-CBC'],
    }),
  },
  'PFX with an empty passphrase, given or not': {
    outcome: 'loads',
    files: {
      'empty.pfx': ({ files }) => ({ content: exportPfx(files, ''), passphrase: undefined }),
      'empty-given.pfx': under(''),
      'empty-legacy.pfx': ({ files }) => ({
        content: exportPfx(files, '', '-legacy'),
        passphrase: undefined,
      }),
      'empty-no-mac.pfx': ({ files }) => ({ content: exportPfx(files, '', '-nomac'), passphrase: undefined }),
    },
  },
  'PFX with a passphrase that is not ASCII': {
    outcome: 'loads',
    files: {
      'umlauts.pfx': under('pässwörd €'),
      'umlauts-legacy.pfx': under('pässwörd €', '-legacy'),
      'emoji.pfx': under('🔑 horse', '-legacy'),
      'long-passphrase.pfx': under('a long passphrase, '.repeat(12), '-legacy'),
      'quotes.pfx': under(`"it's" \\ $HOME`),
    },
  },
  'PFX with an unencrypted key or certificate': {
    outcome: 'loads',
    files: each({
      'plain-key.pfx': ['-keypbe', 'NONE'],
      'plain-certificates.pfx': ['-certpbe', 'NONE'],
      'plain.pfx': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
      'plain-no-mac.pfx': ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'],
    }),
  },
  'PFX without MAC': {
    outcome: 'loads',
    files: each({ 'no-mac.pfx': ['-nomac'], 'no-mac-legacy.pfx': ['-nomac', '-legacy'] }),
  },
  'PFX with several keys, one of them with its certificate': {
    outcome: 'loads',
    files: {
      'stranger-key-first.pfx': (kit) => joinPfx(withoutCertificate(kit.strangerFiles[0]), pfx(kit)),
      'stranger-key-last.pfx': (kit) => joinPfx(pfx(kit), withoutCertificate(kit.strangerFiles[0])),
    },
  },
  'PFX with PBMAC1 (RFC 9579)': {
    outcome: 'loads',
    files: { 'pbmac1.pfx': (kit) => pfxWithPbmac1(pfx(kit, '-nomac'), passphrase) },
  },
  'PFX in BER, as streaming writers make it': {
    outcome: 'loads',
    files: {
      'ber.pfx': (kit) => toIndefiniteLengths(pfx(kit)),
      'ber-legacy.pfx': (kit) => toIndefiniteLengths(pfx(kit, '-legacy')),
    },
  },
  'an encrypted key or PFX without passphrase': {
    outcome: 'ERR_PASSPHRASE_MISSING',
    files: {
      'locked.pfx': (kit) => ({ content: pfx(kit), passphrase: undefined }),
      'locked-legacy.pfx': (kit) => ({ content: pfx(kit, '-legacy'), passphrase: '' }),
      'locked-key.pfx': (kit) => ({ content: pfx(kit, '-nomac', '-certpbe', 'NONE'), passphrase: undefined }),
    },
  },
  'an encrypted key or PFX with a wrong passphrase': {
    outcome: 'ERR_PASSPHRASE_WRONG',
    files: {
      'wrong.pfx': (kit) => ({ content: pfx(kit), passphrase: 'wrong' }),
      'wrong-legacy.pfx': (kit) => ({ content: pfx(kit, '-legacy'), passphrase: 'wrong' }),
      'wrong-no-mac.pfx': (kit) => ({ content: pfx(kit, '-nomac'), passphrase: 'wrong' }),
      'wrong-ber.pfx': (kit) => ({ content: toIndefiniteLengths(pfx(kit)), passphrase: 'wrong' }),
    },
  },
  'PFX whose MAC is not that of its content': {
    outcome: 'ERR_INPUT_DAMAGED',
    files: {
      'other-mac.pfx': (kit) => pfxWithPbmac1(pfx(kit, '-nomac', '-certpbe', 'AES-256-CBC'), 'another'),
      'changed-mac.pfx': (kit) => changedAt(pfx(kit, '-macalg', 'sha1'), -20),
    },
  },
  'PFX encrypted with RC4': {
    outcome: 'ERR_ENCRYPTION_UNSUPPORTED',
    files: each({
      'rc4.pfx': ['-legacy', '-certpbe', 'PBE-SHA1-RC4-128'],
      'rc4-40-key.pfx': ['-legacy', '-keypbe', 'PBE-SHA1-RC4-40'],
    }),
  },
  'more rounds of key derivation than any honest tool asks for': {
    outcome: 'ERR_ENCRYPTION_TOO_COSTLY',
    files: { 'costly.pfx': (kit) => withCostlyRounds(pfx(kit, '-iter', '70000')) },
  },
  'no private key': {
    outcome: 'ERR_KEY_MISSING',
    files: each({ 'no-key.pfx': ['-nokeys'], 'no-key-legacy.pfx': ['-nokeys', ...legacy, '-legacy'] }),
  },
  'no certificate, only a request, a revocation list or PKCS#7': {
    outcome: 'ERR_CERT_MISSING',
    files: { 'no-certificate.pfx': ({ files }) => withoutCertificate(files.key) },
  },
  'several pairs, or several certificates for one key': {
    outcome: 'ERR_CERT_AMBIGUOUS',
    files: {
      'two-pairs.pfx': (kit) => ({ content: pfx(kit), after: kit.strangerFiles }),
      'two-pairs-inside.pfx': (kit) => {
        const [key, certificate] = kit.strangerFiles
        return joinPfx(pfx(kit), exportPfx({ ...kit.files, key, leaf: certificate }, passphrase))
      },
    },
  },
  'a key and a certificate that do not belong together': {
    outcome: 'ERR_CERT_KEY_MISMATCH',
    files: {
      'stranger.pfx': ({ files, strangerFiles }) => ({
        content: withoutCertificate(strangerFiles[0]),
        after: [files.leaf],
      }),
    },
  },
  'an EC, Ed25519 or RSA-PSS key': {
    outcome: 'ERR_KEY_UNSUPPORTED',
    files: {
      'ec.pfx': () => {
        const [key, certificate] = selfSigned(
          'ec-pfx',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-384',
        )
        openssl(
          'pkcs12',
          '-export',
          '-inkey',
          key,
          '-in',
          certificate,
          '-passout',
          `pass:${passphrase}`,
          '-out',
          'ec.pfx',
        )
        return readFileSync(folder.path('ec.pfx'))
      },
    },
  },
}

function withoutCertificate(key: string): Buffer {
  openssl('pkcs12', '-export', '-nocerts', '-inkey', key, '-passout', `pass:${passphrase}`, '-out', 'key.pfx')
  return readFileSync(folder.path('key.pfx'))
}

/** One bit, counted from the end. */
function changedAt(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  const index = changed.length + at
  changed[index] = (changed[index] ?? 0) ^ 1
  return changed
}
