import type { Directory } from './directory/directory.ts'
import type { SigningKeys } from './token/signing-keys.ts'

/** What the routes share: the directory, the keys, and the time by which everything is judged. */
export interface Service {
  readonly directory: Directory
  readonly keys: SigningKeys
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Of the next token, seconds. */
  readonly tokenLifetimeSeconds: () => number
}
