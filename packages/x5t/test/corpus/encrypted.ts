import { encrypted, type Kit, legacy, passphrase, topk8, traditional } from './kit.ts'
import type { Made, Row, Rows } from './row.ts'

/** One file for each set of options, named by the last of them that says something. */
function each(
  make: (kit: Kit, ...options: readonly string[]) => Made,
  sets: Record<string, readonly string[]>,
): Row['files'] {
  return Object.fromEntries(
    Object.entries(sets).map(([name, options]) => [name, (kit: Kit) => make(kit, ...options)]),
  )
}

const byNode =
  (cipher: string) =>
  ({ key, pem }: Kit) =>
    `${key.export({ format: 'pem', type: 'pkcs8', cipher, passphrase })}${pem.leaf}`

/** Private keys behind a passphrase, each with the leaf in plain. */
export const encryptedRows: Rows = {
  'PEM, encrypted PKCS#8: PBES2, PBKDF2 with AES': {
    outcome: 'loads',
    files: {
      ...each(topk8, {
        'pbes2.pem': [],
        'pbes2-aes128.pem': ['-v2', 'aes128'],
        'pbes2-aes192.pem': ['-v2', 'aes192'],
        'pbes2-sha1.pem': ['-v2', 'aes256', '-v2prf', 'hmacWithSHA1'],
        'pbes2-sha224.pem': ['-v2', 'aes256', '-v2prf', 'hmacWithSHA224'],
        'pbes2-sha384.pem': ['-v2', 'aes256', '-v2prf', 'hmacWithSHA384'],
        'pbes2-sha512.pem': ['-v2', 'aes256', '-v2prf', 'hmacWithSHA512'],
        'pbes2-one-round.pem': ['-iter', '1'],
        'pbes2-100000-rounds.pem': ['-iter', '100000'],
      }),
      'pbes2-crlf.pem': (kit) => topk8(kit).replaceAll('\n', '\r\n'),
      'pbes2-escaped.txt': (kit) => topk8(kit).replaceAll('\n', '\\n'),
      'pbes2-by-node-aes128.pem': byNode('aes-128-cbc'),
      'pbes2-by-node-aes256.pem': byNode('aes-256-cbc'),
    },
  },
  'PEM, encrypted PKCS#8: PBES2, PBKDF2 with 3DES or DES': {
    outcome: 'loads',
    files: {
      ...each(topk8, { 'pbes2-3des.pem': ['-v2', 'des3'], 'pbes2-des.pem': ['-v2', 'des', ...legacy] }),
      'pbes2-by-node-3des.pem': byNode('des-ede3-cbc'),
    },
  },
  'PEM, encrypted PKCS#8: PBES2, scrypt': {
    outcome: 'loads',
    files: each(topk8, { 'scrypt.pem': ['-scrypt'], 'scrypt-1024.pem': ['-scrypt', '-scrypt_N', '1024'] }),
  },
  'PEM, encrypted PKCS#8: PBES1, DES or RC2': {
    outcome: 'loads',
    files: each(topk8, {
      'pbes1-md5-des.pem': ['-v1', 'PBE-MD5-DES', ...legacy],
      'pbes1-sha1-des.pem': ['-v1', 'PBE-SHA1-DES', ...legacy],
      'pbes1-md5-rc2.pem': ['-v1', 'PBE-MD5-RC2-64', ...legacy],
      'pbes1-sha1-rc2.pem': ['-v1', 'PBE-SHA1-RC2-64', ...legacy],
    }),
  },
  'PEM, encrypted PKCS#8: PKCS#12 scheme, 3DES or RC2': {
    outcome: 'loads',
    files: each(topk8, {
      'pkcs12-3des.pem': ['-v1', 'PBE-SHA1-3DES'],
      'pkcs12-2des.pem': ['-v1', 'PBE-SHA1-2DES', ...legacy],
      'pkcs12-rc2-40.pem': ['-v1', 'PBE-SHA1-RC2-40', ...legacy],
      'pkcs12-rc2-128.pem': ['-v1', 'PBE-SHA1-RC2-128', ...legacy],
    }),
  },
  'PEM, traditional encryption (`Proc-Type: 4,ENCRYPTED`): AES, 3DES or DES': {
    outcome: 'loads',
    files: {
      ...each(traditional, {
        'traditional-aes128.pem': ['-aes128'],
        'traditional-aes192.pem': ['-aes192'],
        'traditional-aes256.pem': ['-aes256'],
        'traditional-3des.pem': ['-des3'],
        'traditional-des.pem': ['-des', ...legacy],
        'traditional-2des.pem': ['-des-ede-cbc'],
      }),
      'traditional-spaces.txt': (kit) => traditional(kit, '-aes128').replaceAll('\n', ' '),
      'traditional-crlf.pem': (kit) => traditional(kit, '-aes256').replaceAll('\n', '\r\n'),
    },
  },
  'encrypted key in DER': {
    outcome: 'loads',
    files: {
      'encrypted.der': ({ key, files }) => ({
        content: key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }),
        after: [files.leaf],
      }),
    },
  },
  'a million rounds of PBKDF2': {
    outcome: 'loads',
    files: each(topk8, { 'pbes2-million.pem': ['-iter', '1000000'] }),
  },
  'an encrypted key or PFX without passphrase': {
    outcome: 'ERR_PASSPHRASE_MISSING',
    files: {
      'locked.pem': (kit) => ({ content: topk8(kit), passphrase: undefined }),
      'locked-empty.pem': (kit) => ({ content: topk8(kit), passphrase: '' }),
      'locked-traditional.pem': (kit) => ({ content: traditional(kit, '-aes256'), passphrase: undefined }),
    },
  },
  'an encrypted key or PFX with a wrong passphrase': {
    outcome: 'ERR_PASSPHRASE_WRONG',
    files: {
      'wrong.pem': (kit) => ({ content: topk8(kit), passphrase: 'Correct horse' }),
      'wrong-scrypt.pem': (kit) => ({
        content: topk8(kit, '-scrypt', '-scrypt_N', '1024'),
        passphrase: 'wrong',
      }),
      'wrong-traditional.pem': (kit) => ({ content: traditional(kit, '-aes256'), passphrase: 'wrong' }),
      'wrong-line-end.pem': (kit) => ({ content: topk8(kit), passphrase: `${passphrase}\n` }),
    },
  },
  'a cipher that is not AES, DES, 3DES or RC2': {
    outcome: 'ERR_ENCRYPTION_UNSUPPORTED',
    files: {
      ...each(topk8, {
        'pbes2-camellia.pem': ['-v2', 'camellia256'],
        'pkcs12-rc4.pem': ['-v1', 'PBE-SHA1-RC4-128', ...legacy],
        'pkcs12-rc4-40.pem': ['-v1', 'PBE-SHA1-RC4-40', ...legacy],
      }),
      'traditional-camellia.pem': (kit) => encrypted(kit, 'rsa', '-traditional', '-camellia256'),
    },
  },
}
