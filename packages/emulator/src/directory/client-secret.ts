import { createHash, randomUUID } from 'node:crypto'
import { DefinitionError, guid, instant, optional, type Reader, record, text } from './definition.ts'

/** A client secret, kept as its digest only. Graph calls it a password credential. */
export interface ClientSecret {
  readonly keyId: string
  /** SHA-256, hex. */
  readonly sha256: string
  readonly displayName: string | undefined
  /** Its first three characters, as Graph and the portal show them. */
  readonly hint: string | undefined
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAt: number | undefined
  /** Epoch milliseconds; undefined: always. */
  readonly startsAt: number | undefined
}

/** A secret as JSON: its text, or an object with `value`, or with `sha256` where the text is not known any more. */
export interface SeedSecret {
  readonly value?: string | undefined
  /** SHA-256 of the UTF-8 text, hex. */
  readonly sha256?: string | undefined
  /** ISO 8601. Default: never. */
  readonly endDateTime?: string | undefined
  /** ISO 8601. Default: always. */
  readonly startDateTime?: string | undefined
  /** GUID. Default: a new one. */
  readonly keyId?: string | undefined
  readonly displayName?: string | undefined
  readonly hint?: string | undefined
}

const digest: Reader<string> = (value, path) => {
  const given = text(value, path).toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(given)) throw new DefinitionError(path, 'expected 64 hex digits')
  return given
}

const readObject = record({
  value: optional(text, undefined),
  sha256: optional(digest, undefined),
  endDateTime: optional(instant, undefined),
  startDateTime: optional(instant, undefined),
  keyId: optional(guid, undefined),
  displayName: optional(text, undefined),
  hint: optional(text, undefined),
})

export const secret: Reader<ClientSecret> = (given, path) => {
  const { value, sha256, hint, ...said } = readObject(
    typeof given === 'string' ? { value: given } : given,
    path,
  )
  if ((value === undefined) === (sha256 === undefined))
    throw new DefinitionError(path, 'expected one of value and sha256')
  return {
    keyId: said.keyId ?? randomUUID(),
    sha256: sha256 ?? secretDigest(value ?? ''),
    displayName: said.displayName,
    hint: hint ?? value?.slice(0, 3),
    expiresAt: said.endDateTime,
    startsAt: said.startDateTime,
  }
}

export function writeSecret({
  keyId,
  sha256,
  displayName,
  hint,
  expiresAt,
  startsAt,
}: ClientSecret): SeedSecret {
  return {
    keyId,
    sha256,
    ...(displayName === undefined ? {} : { displayName }),
    ...(hint === undefined ? {} : { hint }),
    ...(startsAt === undefined ? {} : { startDateTime: new Date(startsAt).toISOString() }),
    ...(expiresAt === undefined ? {} : { endDateTime: new Date(expiresAt).toISOString() }),
  }
}

/** SHA-256 of the text, hex. */
export function secretDigest(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
