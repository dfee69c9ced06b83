import { createCipheriv, type KeyObject, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Null, OctetString } from 'asn1js'
import { AlgorithmIdentifier, PBES2Params, PBKDF2Params, PKCS8ShroudedKeyBag } from 'pkijs'

export interface Encrypted {
  /** Says how, for whoever decrypts it. */
  readonly algorithm: AlgorithmIdentifier
  readonly ciphertext: OctetString
}

/** PBES2 as every current tool reads it: PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode. */
export async function encrypt(plaintext: Uint8Array, passphrase: string, rounds: number): Promise<Encrypted> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const key = await promisify(pbkdf2)(passphrase, salt, rounds, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return {
    algorithm: pbes2Algorithm(salt, rounds, iv),
    ciphertext: new OctetString({ valueHex: ciphertext }),
  }
}

/** PKCS#8 EncryptedPrivateKeyInfo: RFC 5958 section 3. */
export async function encryptPrivateKey(
  key: KeyObject,
  passphrase: string,
  rounds: number,
): Promise<PKCS8ShroudedKeyBag> {
  const privateKeyInfo = key.export({ format: 'der', type: 'pkcs8' })
  const { algorithm, ciphertext } = await encrypt(privateKeyInfo, passphrase, rounds)
  return new PKCS8ShroudedKeyBag({ encryptionAlgorithm: algorithm, encryptedData: ciphertext })
}

/** RFC 8018 appendices A.4 and A.2. */
function pbes2Algorithm(salt: Buffer, rounds: number, iv: Buffer): AlgorithmIdentifier {
  const derivation = new PBKDF2Params({
    salt: new OctetString({ valueHex: salt }),
    iterationCount: rounds,
    prf: algorithm('1.2.840.113549.2.9', new Null()),
  })
  const parameters = new PBES2Params({
    keyDerivationFunc: algorithm('1.2.840.113549.1.5.12', derivation.toSchema()),
    encryptionScheme: algorithm('2.16.840.1.101.3.4.1.42', new OctetString({ valueHex: iv })),
  })
  return algorithm('1.2.840.113549.1.5.13', parameters.toSchema())
}

function algorithm(algorithmId: string, algorithmParams: object): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithmId, algorithmParams })
}
