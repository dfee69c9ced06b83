import { createPublicKey } from 'node:crypto'
import { toPem } from '../../src/certificate/pem.ts'
import { folder, openssl } from '../support/openssl.ts'
import { toIndefiniteLengths } from '../support/pfx.ts'
import {
  base64,
  dhParameters,
  followed,
  type Kit,
  passphrase,
  pfx,
  pkcs1,
  pkcs8,
  revocationList,
} from './kit.ts'
import type { Rows } from './row.ts'

const both = ({ pem }: Kit) => pem.key + pem.leaf
const oneLine = (pem: string) =>
  pem.replace(/-----\n([\s\S]*?)\n-----END/g, (_, body) => `-----\n${body.replaceAll('\n', '')}\n-----END`)
const wrapped = (text: string, width: number, end: string) =>
  text.replace(new RegExp(`.{${width}}`, 'g'), `$&${end}`)

/** Forms of text around a key that is not encrypted. */
export const pemRows: Rows = {
  'PEM, PKCS#8: `PRIVATE KEY`': {
    outcome: 'loads',
    files: { 'pkcs8.pem': both, 'pkcs8-by-node.pem': ({ key, pem }) => `${pem.leaf}\n${pkcs8(key)}` },
  },
  'PEM, PKCS#1: `RSA PRIVATE KEY`': {
    outcome: 'loads',
    files: {
      'pkcs1.pem': ({ key, pem }) => pkcs1(key) + pem.leaf,
      'pkcs1-last.pem': ({ key, pem }) => pem.leaf + pkcs1(key),
    },
  },
  'PEM whose label says another kind of key than is in it': {
    outcome: 'loads',
    files: {
      'pkcs8-labelled-pkcs1.pem': ({ key, pem }) =>
        pkcs8(key).replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY') + pem.leaf,
      'pkcs1-labelled-pkcs8.pem': ({ key, pem }) =>
        pkcs1(key).replaceAll('RSA PRIVATE KEY', 'PRIVATE KEY') + pem.leaf,
    },
  },
  'key and certificate in one file, in either order': {
    outcome: 'loads',
    files: {
      'leaf-first.pem': ({ pem }) => pem.leaf + pem.key,
      'key-first.pem': (kit) => `\n${both(kit)}\n`,
    },
  },
  'key and certificate in two files, in either order': {
    outcome: 'loads',
    files: {
      'only.key': ({ pem, files }) => ({ content: pem.key, after: [files.leaf] }),
      'only-last.key': ({ pem, files }) => ({ content: pem.key, before: [files.leaf] }),
      'three.key': ({ pem, files }) => ({
        content: pem.key,
        before: [files.intermediate],
        after: [files.leaf],
        chain: ['O=Contoso\nCN=intermediate'],
      }),
    },
  },
  'key and certificate in DER': {
    outcome: 'loads',
    files: {
      'pkcs8.der': ({ key, files }) => ({
        content: key.export({ format: 'der', type: 'pkcs8' }),
        after: [files.leaf],
      }),
      'pkcs1.der': ({ key, files }) => ({
        content: key.export({ format: 'der', type: 'pkcs1' }),
        after: [files.leaf],
      }),
      'leaf.cer': ({ leafDer, files }) => ({ content: leafDer, after: [files.key] }),
    },
  },
  'white space or zero bytes behind DER or PFX': {
    outcome: 'loads',
    files: {
      'newline-behind.der': ({ key, files }) => ({
        content: followed(key.export({ format: 'der', type: 'pkcs8' }), '\n'),
        after: [files.leaf],
      }),
      'encrypted-newline-behind.der': ({ key, files }) => ({
        content: followed(
          key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }),
          '\r\n',
        ),
        after: [files.leaf],
      }),
      'blanks-behind.cer': ({ leafDer, files }) => ({
        content: followed(leafDer, ' \t\r\n\n'),
        after: [files.key],
      }),
      'newline-behind.pfx': (kit) => followed(pfx(kit), '\r\n'),
      'sector.pfx': (kit) => followed(pfx(kit), '\0'.repeat(4_096)),
      'newline-behind-base64.txt': (kit) => base64(followed(pfx(kit), '\n')),
      'newline-behind-ber.pfx': (kit) => followed(toIndefiniteLengths(pfx(kit)), '\0\n'),
    },
  },
  'a chain in any order, certificates of others, the same twice': {
    outcome: 'loads',
    files: {
      'chain-in-order.pem': ({ pem }) => ({
        content: pem.key + pem.leaf + pem.intermediate + pem.root,
        chain,
      }),
      'chain-reversed.pem': ({ pem }) => ({
        content: pem.root + pem.intermediate + pem.leaf + pem.key,
        chain,
      }),
      'chain-shuffled.pem': ({ pem }) => ({
        content: pem.intermediate + pem.key + pem.root + pem.leaf,
        chain,
      }),
      'chain-with-a-gap.pem': ({ pem }) => ({ content: pem.root + pem.leaf + pem.key, chain: [] }),
      'stranger.pem': ({ pem, strangerFiles }) => ({
        content: pem.leaf + pem.key,
        after: [strangerFiles[1]],
        chain: [],
      }),
      'twice.pem': ({ pem }) => ({ content: pem.leaf + pem.leaf + pem.key, chain: [] }),
    },
  },
  'Bag Attributes and other text between the blocks': {
    outcome: 'loads',
    files: {
      'bag-attributes.pem': (kit) => {
        const path = folder.write('all.pfx', pfx(kit))
        return openssl('pkcs12', '-in', path, '-passin', `pass:${passphrase}`, '-noenc')
      },
      'text.pem': ({ pem, files }) => `${openssl('x509', '-in', files.leaf, '-text')}\nThe key:\n${pem.key}`,
      'comments.pem': ({ pem }) => `# made by hand\n${pem.leaf}\n\n; and the key\n${pem.key}-- end --`,
      'other-blocks.pem': (kit) => both(kit) + toPem('X', Buffer.of(0x30, 3, 2, 1, 1)),
      'public-key-too.pem': (kit) =>
        both(kit) + createPublicKey(kit.key).export({ format: 'pem', type: 'spki' }),
      'trusted.pem': ({ pem, files }) => openssl('x509', '-in', files.leaf, '-trustout') + pem.key,
      'revocations.pem': (kit) => both(kit) + revocationList(kit),
      'dh-parameters.pem': (kit) => both(kit) + dhParameters,
      'x509-label.pem': ({ pem }) => pem.leaf.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE') + pem.key,
    },
  },
  'CRLF, byte-order mark, UTF-16': {
    outcome: 'loads',
    files: {
      'crlf.pem': (kit) => both(kit).replaceAll('\n', '\r\n'),
      'cr.pem': (kit) => both(kit).replaceAll('\n', '\r'),
      'bom.pem': (kit) => `\uFEFF${both(kit)}`,
      'bom-crlf.pem': (kit) => `\uFEFF${both(kit).replaceAll('\n', '\r\n')}`,
      'utf16.pem': (kit) => Buffer.from(`\uFEFF${both(kit)}`, 'utf16le'),
      'utf16-big-endian.pem': (kit) => Buffer.from(`\uFEFF${both(kit)}`, 'utf16le').swap16(),
      'utf16-unmarked.pem': (kit) => Buffer.from(both(kit), 'utf16le'),
      'utf16-big-endian-unmarked.pem': (kit) => Buffer.from(both(kit), 'utf16le').swap16(),
      'utf16-base64.txt': (kit) => Buffer.from(`\uFEFF${base64(both(kit))}\r\n`, 'utf16le'),
      'indented.pem': (kit) => both(kit).replace(/^/gm, '    '),
      'trailing-spaces.pem': (kit) => both(kit).replaceAll('\n', '  \n'),
    },
  },
  'line ends written as `\\n` in two characters, as spaces, or lost': {
    outcome: 'loads',
    files: {
      'escaped.txt': (kit) => both(kit).replaceAll('\n', '\\n'),
      'escaped-crlf.txt': (kit) => both(kit).replaceAll('\n', '\\r\\n'),
      'escaped-quoted.txt': (kit) => JSON.stringify(both(kit)),
      'escaped-twice.txt': (kit) =>
        JSON.stringify(JSON.stringify(both(kit)))
          .slice(1, -1)
          .replaceAll('\\"', '"'),
      'spaces.txt': (kit) => both(kit).replaceAll('\n', ' '),
      'lost.txt': (kit) => both(kit).replaceAll('\n', ''),
      'one-line-each.pem': (kit) => oneLine(both(kit)),
      'wide-lines.pem': (kit) =>
        oneLine(both(kit)).replace(/^[^-].{100,}$/gm, (line) => wrapped(line, 76, '\n')),
    },
  },
  'base64 or base64url of PEM, once or twice': {
    outcome: 'loads',
    files: {
      'base64.txt': (kit) => base64(both(kit)),
      'base64-wrapped.txt': (kit) => wrapped(base64(both(kit)), 76, '\r\n'),
      'base64-quoted.txt': (kit) => `'${wrapped(base64(both(kit)), 64, '\n')}'\n`,
      'base64url.txt': (kit) => Buffer.from(`ÿ?ÿ>\n${both(kit)}`).toString('base64url'),
      'base64-twice.txt': (kit) => base64(base64(both(kit))),
      'base64-of-crlf.txt': (kit) => base64(both(kit).replaceAll('\n', '\r\n')),
    },
  },
  'base64 of DER or PFX': {
    outcome: 'loads',
    files: {
      'pfx-base64.txt': (kit) => base64(pfx(kit)),
      'pfx-base64-wrapped.txt': (kit) => wrapped(base64(pfx(kit)), 76, '\r\n'),
      'pfx-base64url.txt': (kit) => pfx(kit).toString('base64url'),
      'leaf-base64.txt': ({ leafDer, files }) => ({ content: base64(leafDer), after: [files.key] }),
      'key-base64.txt': ({ key, files }) => ({
        content: base64(key.export({ format: 'der', type: 'pkcs8' })),
        after: [files.leaf],
      }),
    },
  },
  'a passphrase for what is not encrypted': {
    outcome: 'loads',
    files: { 'no-need.pem': (kit) => ({ content: `${both(kit)}\n\n`, passphrase: 'anything' }) },
  },
}

const chain = ['O=Contoso\nCN=intermediate', 'O=Contoso\nCN=root']
