const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/**
 * Reads `30s`, `5m`, `1h`, `30d`, `2w` or plain seconds.
 *
 * @param maxMs - Default: a day.
 * @returns Milliseconds, or `undefined` for what is none or above the maximum.
 */
export function parseDuration(text: string, maxMs = 86_400_000): number | undefined {
  const [, digits, unit = 's'] = /^(\d{1,6})([smhdw])?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const ms = Number(digits) * units[unit as keyof typeof units] // the pattern allows no other
  return ms > 0 && ms <= maxMs ? ms : undefined
}

/** `12 s`, `5 min`, `1 h 30 min`. */
export function showDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
