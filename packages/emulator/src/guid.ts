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
  return isGuid(text) && new Set(text.replaceAll('-', '').toLowerCase()).size === 1
}
