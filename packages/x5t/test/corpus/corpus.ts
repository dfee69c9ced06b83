import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { folder } from '../support/openssl.ts'
import { encryptedRows } from './encrypted.ts'
import { keptRows } from './kept.ts'
import { type Kit, passphrase } from './kit.ts'
import { pemRows } from './pem.ts'
import { pfxRows } from './pfx.ts'
import { refusedRows } from './refused.ts'
import type { Made, Row, Rows } from './row.ts'
import { toolRows } from './tools.ts'

/** What OpenSSL and Node make or others made once, and what takes other tools. */
export const opensslRows = [pemRows, encryptedRows, pfxRows, keptRows, refusedRows]
export const otherRows = [toolRows]

/** One file of the corpus. */
export interface Specimen {
  readonly name: string
  readonly row: string
  readonly outcome: Row['outcome']
  readonly make: (kit: Kit) => Made
}

export function specimensOf(groups: readonly Rows[]): Specimen[] {
  return groups.flatMap((rows) =>
    Object.entries(rows).flatMap(([row, { outcome, files }]) =>
      Object.entries(files).map(([name, make]) => ({ name, row, outcome, make })),
    ),
  )
}

/** What `loadCredential` is called with. */
export interface Source {
  readonly path: readonly string[]
  readonly passphrase: string | undefined
  readonly outsideDates?: 'refuse' | undefined
  readonly now?: (() => number) | undefined
}

/** Puts the specimen on the disk. */
export function place(specimen: Specimen, kit: Kit) {
  const made = specimen.make(kit)
  const {
    content,
    before = [],
    after = [],
    chain,
    thumbprints = kit.thumbprints,
    ...options
  } = typeof made === 'string' || made instanceof Uint8Array ? { content: made } : made
  const own = content === undefined ? [] : [folder.write(`corpus-${specimen.name}`, content)]
  const source: Source = { path: [...before, ...own, ...after], passphrase, ...options }
  return { source, chain, thumbprints }
}

/** Of everything that could tell two sources apart. */
export function digestOf({ path, ...options }: Source): string {
  const hash = createHash('sha256')
  for (const file of path) {
    const isFile = !/directory$|nowhere|^\/dev/.test(file)
    hash.update(isFile ? createHash('sha256').update(readFileSync(file)).digest() : file)
  }
  return hash.update(JSON.stringify(options)).digest('hex')
}
