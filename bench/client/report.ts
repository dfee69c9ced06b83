/** A bar, and whether it is met. */
export interface Verdict {
  readonly bar: string
  readonly met: boolean
}

/** One line of the table. */
export function row(what: string, value: string, verdict?: Verdict): void {
  const end = verdict === undefined ? '' : `${verdict.bar.padEnd(16)} ${verdict.met ? 'met' : 'MISSED'}`
  say(`${what.padEnd(84)} ${value.padStart(18)}  ${end}`.trimEnd())
}

export function atMost(value: number, bar: number, unit = ''): Verdict {
  return { bar: `at most ${bar} ${unit}`.trimEnd(), met: value <= bar }
}

export function atLeast(value: number, bar: number, unit = ''): Verdict {
  return { bar: `at least ${bar} ${unit}`.trimEnd(), met: value >= bar }
}

/** The end of a {@link row} whose value is a ratio. */
export function beside(ratio: number, judge: typeof atMost, bar: number): [value: string, verdict: Verdict] {
  return [`${ratio.toFixed(2)}x`, judge(ratio, bar, 'x')]
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
