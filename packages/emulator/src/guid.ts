import { createHash } from 'node:crypto'

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(text: string): boolean {
  return shape.test(text)
}

/**
 * A GUID that no application can have: one digit throughout.
 *
 * Entra: some GUIDs are refused as "not a valid application identifier" (700038) and not as unknown (700016). Which
 * rule picks them is not known; this one is a guess.
 */
export function isPlaceholderGuid(text: string): boolean {
  return /^([0-9a-f])\1{7}(-\1{4}){3}-\1{12}$/i.test(text)
}

/** A GUID that follows from texts: the same ones give the same GUID. RFC 9562 version 8. */
export function derivedGuid(...from: readonly string[]): string {
  const hex = createHash('sha256').update(from.join('\n').toLowerCase()).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
