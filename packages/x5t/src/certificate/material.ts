import type { KeyObject, X509Certificate } from 'node:crypto'

/** What a file or a text turned out to hold, before it is known what belongs together. */
export interface Material {
  readonly certificates: readonly X509Certificate[]
  /** Opened only when a private key is wanted, so that a certificate can be read without the passphrase. */
  readonly keys: readonly (() => Promise<KeyObject>)[]
  /** Labels of what is neither, for the error that says what was found instead. */
  readonly others: readonly string[]
}

export function joinMaterial(parts: readonly Material[]): Material {
  return {
    certificates: parts.flatMap((part) => part.certificates),
    keys: parts.flatMap((part) => part.keys),
    others: parts.flatMap((part) => part.others),
  }
}
