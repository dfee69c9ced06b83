import { joinMaterial, type Material } from '../certificate/material.ts'
import { readMaterial } from '../certificate/read-material.ts'
import { readKeyFile } from './read-key-file.ts'

/** Where a certificate, its key, or both come from. What the bytes are (PEM, DER, PFX) is found out by looking. */
export type MaterialSource = {
  /** Opens an encrypted key or a PFX; ignored by what is not encrypted. */
  readonly passphrase?: string | undefined
} & (
  | {
      /** One file, or several that hold the parts: key, certificate, chain, in any order. */
      readonly path: string | readonly string[]
    }
  | {
      /** The content itself: PEM, DER or PFX, or base64 of one of them. */
      readonly pem: string | Uint8Array
    }
)

export interface ReadSource extends Material {
  /** What to call it in errors. */
  readonly name: string
  readonly warnings: readonly string[]
}

export async function readSource(source: MaterialSource): Promise<ReadSource> {
  const { passphrase } = source
  if ('pem' in source) {
    const name = 'the given text'
    return { ...(await readMaterial(source.pem, { name, passphrase })), name, warnings: [] }
  }
  const files = await Promise.all([source.path].flat().map(readKeyFile))
  const parts = await Promise.all(
    files.map(({ path, content }) => readMaterial(content, { name: path, passphrase })),
  )
  return {
    ...joinMaterial(parts),
    name: files.map(({ path }) => path).join(' and '),
    warnings: [],
  }
}
