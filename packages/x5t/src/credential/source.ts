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
      /**
       * The content itself: PEM, DER or a PFX, or base64 of one of them; mostly from an environment variable. Several
       * hold the parts, as several files do, each in a form of its own.
       */
      readonly pem: string | Uint8Array | readonly (string | Uint8Array)[]
    }
  | {
      /** The content of a PFX; the same as `pem` by a better name. */
      readonly pfx: string | Uint8Array
    }
)

export interface ReadSource extends Material {
  /** What to call it in errors. */
  readonly name: string
  /** How many files or texts it came from. */
  readonly parts: number
  readonly warnings: readonly string[]
}

/**
 * @param directory - Where relative paths start. Default: the working directory, whatever that is when they are read.
 * @throws TypeError for what is no source; an unset variable is the usual reason.
 */
export async function readSource(source: MaterialSource, directory?: string): Promise<ReadSource> {
  const { passphrase } = source
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    throw new TypeError('passphrase must be a string')
  }
  if (!('path' in source)) {
    const contents: readonly (string | Uint8Array)[] = ['pem' in source ? source.pem : source.pfx].flat()
    if (contents.length === 0 || !contents.every(isContent)) {
      throw new TypeError('path, pem or pfx must say where key and certificate are')
    }
    const name = contents.length === 1 ? 'the given text' : 'the given texts'
    const materials = contents.map((content) => readMaterial(content, { name, passphrase }))
    const material = joinMaterial(await Promise.all(materials))
    return { ...material, name, parts: contents.length, warnings: [] }
  }
  const files = await Promise.all(
    pathsOf(source).map(async (path) => {
      const { content, readableByOthers } = await readKeyFile(path, directory)
      const material = await readMaterial(content, { name: path, passphrase })
      return { path, material, exposed: readableByOthers && material.keys.length > 0 }
    }),
  )
  return {
    ...joinMaterial(files.map(({ material }) => material)),
    name: files.map(({ path }) => path).join(' and '),
    parts: files.length,
    warnings: files.filter(({ exposed }) => exposed).map(({ path }) => exposedKey(path)),
  }
}

/** @throws TypeError for what is no path. */
export function pathsOf({ path }: { readonly path: string | readonly string[] }): readonly string[] {
  const paths = [path].flat()
  if (paths.length > 0 && paths.every((each) => typeof each === 'string' && each !== '')) return paths
  throw new TypeError('path must name a file, or several')
}

function isContent(content: unknown): boolean {
  return typeof content === 'string' || content instanceof Uint8Array
}

function exposedKey(path: string): string {
  return `private key ${path} can be read by other users; mend it with: chmod 600 ${quoted(path)}`
}

/** For a POSIX shell; plain paths stay as they are. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
