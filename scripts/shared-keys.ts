/**
 * Gives a test process the RSA keys that an earlier one of the run has made, each but once and in their order: making
 * one takes a quarter of a second, and the suite asks for hundreds. Only the plain request for 2048 bits is answered so.
 * A file that tests the making itself deletes `X5T_TEST_KEYS`, the folder of the run.
 */
import crypto, { createPrivateKey, createPublicKey, type KeyPairKeyObjectResult } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'

const made = {
  sync: crypto.generateKeyPairSync as Generate<KeyPairKeyObjectResult>, // as: one of its many signatures
  async: promisify(crypto.generateKeyPair) as Generate<Promise<KeyPairKeyObjectResult>>, // as above
}
type Generate<Result> = (type: string, options: object) => Result

/** Undefined where a new one has to be made. */
function folderOf(type: string, options: object): string | undefined {
  const plain = type === 'rsa' && isDeepStrictEqual(options, { modulusLength: 2048 })
  return plain ? process.env.X5T_TEST_KEYS : undefined
}

let taken = 0

function nextOf(folder: string): KeyPairKeyObjectResult {
  const path = join(folder, `${taken++}.pem`)
  if (!existsSync(path)) {
    const { privateKey } = made.sync('rsa', { modulusLength: 2048 })
    // By renaming, or another process could read half of it.
    const draft = `${path}.${process.pid}`
    writeFileSync(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    renameSync(draft, path)
  }
  const privateKey = createPrivateKey(readFileSync(path))
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

const generateKeyPairSync: typeof made.sync = (type, options) => {
  const folder = folderOf(type, options)
  return folder === undefined ? made.sync(type, options) : nextOf(folder)
}
const promised: typeof made.async = async (type, options) => {
  const folder = folderOf(type, options)
  return folder === undefined ? made.async(type, options) : nextOf(folder)
}
Object.assign(crypto, { generateKeyPairSync })
Object.assign(crypto.generateKeyPair, { [promisify.custom]: promised })
syncBuiltinESMExports()
