import assert from 'node:assert/strict'
import { createDecipheriv, createPrivateKey, generateKeyPairSync, pbkdf2Sync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { itemsOf, octetsOf, readDer } from '../../src/certificate/der.ts'
import { encryptPrivateKey } from '../../src/certificate/encryption/encrypt.ts'
import { readMaterial } from '../../src/certificate/read-material.ts'
import { identifier, integer, octets, sequence } from '../../src/certificate/write-der.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'

const passphrase = 'correct horse ü'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const plain = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()

const legacy = ['-provider', 'legacy', '-provider', 'default']

/** What follows `openssl … -in plain.pem -passout …`. */
const kinds: [string, string[]][] = [
  ['PBES2 by default', ['pkcs8', '-topk8']],
  ['AES-128, HMAC with SHA-1', ['pkcs8', '-topk8', '-v2', 'aes128', '-v2prf', 'hmacWithSHA1']],
  ['AES-192, HMAC with SHA-384', ['pkcs8', '-topk8', '-v2', 'aes192', '-v2prf', 'hmacWithSHA384']],
  ['AES-256, HMAC with SHA-512', ['pkcs8', '-topk8', '-v2', 'aes256', '-v2prf', 'hmacWithSHA512']],
  ['3DES by PBES2', ['pkcs8', '-topk8', '-v2', 'des3']],
  ['600,000 rounds', ['pkcs8', '-topk8', '-iter', '600000']],
  ['scrypt', ['pkcs8', '-topk8', '-scrypt']],
  ['PBES1 with MD5 and DES', ['pkcs8', '-topk8', '-v1', 'PBE-MD5-DES', ...legacy]],
  ['PBES1 with SHA-1 and DES', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-DES', ...legacy]],
  ['PBES1 with MD5 and RC2', ['pkcs8', '-topk8', '-v1', 'PBE-MD5-RC2-64', ...legacy]],
  ['PKCS#12 with 3DES', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES']],
  ['PKCS#12 with RC2-40', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC2-40', ...legacy]],
  ['traditional PEM with AES-128', ['rsa', '-traditional', '-aes128']],
  ['traditional PEM with AES-192', ['rsa', '-traditional', '-aes192']],
  ['traditional PEM with AES-256', ['rsa', '-traditional', '-aes256']],
  ['traditional PEM with 3DES', ['rsa', '-traditional', '-des3']],
  ['traditional PEM with DES', ['rsa', '-traditional', '-des', ...legacy]],
]

const read = async (content: string | Buffer, password: string | undefined) => {
  const { keys } = await readMaterial(content, { name: 'key.pem', passphrase: password })
  return keys[0]?.()
}

describe('a private key encrypted by OpenSSL', skipWithoutOpenssl, () => {
  for (const [kind, [command = '', ...options]] of kinds) {
    test(`opens, with its passphrase only: ${kind}`, async () => {
      const input = folder.write('plain.pem', plain)
      openssl(command, '-in', input, '-passout', `pass:${passphrase}`, '-out', 'made.pem', ...options)
      const made = readFileSync(folder.path('made.pem'), 'utf8')
      assert.ok((await read(made, passphrase))?.equals(createPrivateKey(plain)))
      await assert.rejects(read(made, 'wrong'), { code: 'ERR_PASSPHRASE_WRONG' })
      await assert.rejects(read(made, undefined), { code: 'ERR_PASSPHRASE_MISSING' })
    })
  }

  test('opens as DER too', async () => {
    const input = folder.write('plain.pem', plain)
    const options = ['-outform', 'DER', '-passout', `pass:${passphrase}`]
    openssl('pkcs8', '-topk8', '-in', input, '-out', 'made.der', ...options)
    const made = readFileSync(folder.path('made.der'))
    assert.ok((await read(made, passphrase))?.equals(createPrivateKey(plain)))
  })

  test('scrypt that takes more memory than is sane is refused before it is done', async () => {
    const input = folder.write('plain.pem', plain)
    const options = ['-outform', 'DER', '-passout', 'pass:a', '-scrypt']
    openssl('pkcs8', '-topk8', '-in', input, '-out', 'made.der', ...options)
    const made = readFileSync(folder.path('made.der'))
    const cost = made.indexOf(Buffer.from('02024000020108', 'hex'))
    Buffer.from('02027fff02017f', 'hex').copy(made, cost)
    await assert.rejects(read(made, 'a'), { code: 'ERR_ENCRYPTION_TOO_COSTLY' })
  })
})

test('scrypt of many strands takes their memory too', async () => {
  const numbers = [2, 2 ** 20, 2].map((number) => integer(number)) // N, r, p
  const scrypt = identifier('1.3.6.1.4.1.11591.4.11')
  const derivation = sequence(scrypt, sequence(octets(Buffer.alloc(8)), ...numbers))
  const cipher = sequence(identifier('2.16.840.1.101.3.4.1.42'), octets(Buffer.alloc(16)))
  const algorithm = sequence(identifier('1.2.840.113549.1.5.13'), sequence(derivation, cipher))
  const made = sequence(algorithm, octets(Buffer.alloc(16)))
  await assert.rejects(read(made, 'a'), { code: 'ERR_ENCRYPTION_TOO_COSTLY' })
})

test('a wrong passphrase is wrong, also where it leaves right padding behind, as one in 256 does', async () => {
  const made = await encryptPrivateKey(privateKey, passphrase, 1)
  const [algorithm, ciphertext] = itemsOf(readDer(made))
  const [derivation, cipher] = itemsOf(itemsOf(algorithm)[1])
  const [salt, iv] = [octetsOf(itemsOf(itemsOf(derivation)[1])[0]), octetsOf(itemsOf(cipher)[1])]
  const padsRight = (word: string) => {
    const decipher = createDecipheriv('aes-256-cbc', pbkdf2Sync(word, salt, 1, 32, 'sha256'), iv)
    decipher.update(octetsOf(ciphertext))
    try {
      return decipher.final() !== undefined
    } catch {
      return false
    }
  }
  let n = 0
  while (!padsRight(`wrong ${n}`)) n++
  await assert.rejects(read(made, `wrong ${n}`), { code: 'ERR_PASSPHRASE_WRONG' })
})

test('content that changed is told from a wrong passphrase', async () => {
  const made = privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
  const ciphertext = made.length - octetsOf(itemsOf(readDer(made))[1]).length
  made.writeUInt8(made.readUInt8(ciphertext + 16) ^ 1, ciphertext + 16)
  await assert.rejects(read(made, passphrase), { code: 'ERR_KEY_INVALID' })
})
