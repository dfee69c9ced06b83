import { html } from 'hono/html'
import type { Html } from './html.ts'

const units = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const

/** A length of time in the largest unit of which there are two: `12 seconds`, `41 days`. */
export function span(ms: number): string {
  const [size, name] = units.find(([unit]) => ms >= 2 * unit) ?? units[3]
  const count = Math.max(0, Math.floor(ms / size))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** @param at - Epoch milliseconds, as `now`. */
export const ago = (at: number, now: number): string =>
  at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`

/** A day, with the instant behind it. */
export function day(at: number): Html {
  const iso = new Date(at).toISOString()
  return html`<time class="nowrap" datetime="${iso}" title="${iso}">${iso.slice(0, iso.indexOf('T'))}</time>`
}

/** An instant of the current day to the millisecond, with the day behind it. */
export function timeOfDay(iso: string): Html {
  return html`<time class="mono" datetime="${iso}" title="${iso}">${iso.slice(11, 23)}</time>`
}
