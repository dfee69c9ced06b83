/**
 * The number in [0, 1) that follows from a state, and the state after it: mulberry32, a public-domain generator. The
 * same numbers come in the same order for the same seed, which is the first state. For chance in tests, never for secrets.
 *
 * @param state - 32 bits, unsigned.
 */
export function draw(state: number): { readonly value: number; readonly next: number } {
  const next = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(next ^ (next >>> 15), next | 1)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
  return { value: ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, next }
}
