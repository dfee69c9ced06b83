import type { ErrorCode } from '../../src/errors.ts'
import type { Kit, Thumbprints } from './kit.ts'

/** A row of docs/keys.md, and the files that it is about. */
export interface Row {
  readonly outcome: 'loads' | ErrorCode
  /** By file name. */
  readonly files: Readonly<Record<string, (kit: Kit) => Made>>
}

export type Rows = Readonly<Record<string, Row>>

/** The content of the file, or that and what is said besides. */
export type Made =
  | string
  | Uint8Array
  | {
      /** Undefined: the other paths are all there is. */
      readonly content?: string | Uint8Array
      /** Other files that are named with it, before or after. */
      readonly before?: readonly string[]
      readonly after?: readonly string[]
      /** Default: the passphrase of the kit, also for what is not encrypted. */
      readonly passphrase?: string | undefined
      readonly outsideDates?: 'refuse'
      readonly now?: () => number
      /** Where the certificate is another than the leaf of the kit. */
      readonly thumbprints?: Thumbprints
      /** Subjects of the chain, nearest issuer first, where it is of interest. */
      readonly chain?: readonly string[]
    }
