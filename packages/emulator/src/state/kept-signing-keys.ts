import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  DefinitionError,
  instant,
  list,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from '../directory/definition.ts'
import { certificate } from '../directory/registered-certificate.ts'
import type { replaceFile } from '../file/kept-file.ts'
import {
  type SigningKey,
  type SigningKeySet,
  type SigningKeyStore,
  signingKey,
} from '../token/signing-keys.ts'
import { fromDataFolder } from './from-data-folder.ts'
import { keptJson } from './kept-json.ts'

const privateKey: Reader<KeyObject> = (value, path) => {
  const given = text(value, path)
  try {
    return createPrivateKey(given)
  } catch {
    // OpenSSL's reason may say something of the key.
    throw new DefinitionError(path, 'not a private key')
  }
}

const readKey = record({
  use: oneOf('earlier', 'current', 'next'),
  /** Of an earlier one: how long it stays published. */
  until: optional(instant, 0),
  certificate,
  privateKey,
})

const readFile = record({ version: oneOf(1), keys: list(readKey) })

/** Signing keys in a file of their own, so that the directory's can be shown and shared. */
export function keptSigningKeys(path: string, replace?: typeof replaceFile): SigningKeyStore {
  const file = keptJson(path, replace)
  return {
    read() {
      const kept = file.read()
      if (kept === undefined) return undefined
      return fromDataFolder(() => readSet(kept, path))
    },
    write({ earlier, current, next }) {
      file.write({
        version: 1,
        keys: [
          ...earlier.map(({ key, until }) => ({
            use: 'earlier',
            until: new Date(until).toISOString(),
            ...written(key),
          })),
          { use: 'current', ...written(current) },
          ...(next === undefined ? [] : [{ use: 'next', ...written(next) }]),
        ],
      })
    },
  }
}

const written = ({ x5c, privateKey }: SigningKey) => ({
  certificate: x5c,
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
})

function readSet(kept: unknown, path: string): SigningKeySet {
  const keys = readFile(kept, `${path}:`).keys.map(({ use, until, certificate: x509, privateKey }, index) => {
    if (!x509.checkPrivateKey(privateKey))
      throw new DefinitionError(`${path}: keys[${index}]`, 'certificate and key do not belong together')
    return { use, until, key: signingKey(x509.raw, privateKey) }
  })
  const current = keys.find(({ use }) => use === 'current')?.key
  if (current === undefined) throw new DefinitionError(`${path}: keys`, 'none of them is the current one')
  return {
    earlier: keys.filter(({ use }) => use === 'earlier').map(({ key, until }) => ({ key, until })),
    current,
    next: keys.find(({ use }) => use === 'next')?.key,
  }
}
