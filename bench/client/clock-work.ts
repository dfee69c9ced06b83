/** Values by what they are of. */
export type Result = Record<string, number>

/** CPU time of this process so far, microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Milliseconds until `work` is done. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Medians of `rounds` in which each of `works` has its turn, so that what else the machine does hits all alike.
 *
 * @param ratios - Of whose value to whose, as `x5t / bare` in the result. They are taken within each round, for the
 * machine's pace changes from one to the next.
 */
export async function inTurns(
  rounds: number,
  works: Readonly<Record<string, () => Promise<number>>>,
  ratios: readonly (readonly [of: string, to: string])[] = [],
): Promise<Result> {
  const results: Result[] = []
  for (let round = 0; round < rounds; round++) {
    const result: Result = {}
    for (const [name, work] of Object.entries(works)) result[name] = await work()
    for (const [of, to] of ratios) result[`${of} / ${to}`] = (result[of] ?? 0) / (result[to] ?? 0)
    results.push(result)
  }
  return medians(results)
}

/** The values of one part of a measurement, with its name behind theirs. */
export function ofPart(part: string | number, values: Result): Result {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name} ${part}`, value]))
}

export function medians(results: readonly Result[]): Result {
  const names = Object.keys(results[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(results.map((one) => one[name] ?? Number.NaN))]),
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
