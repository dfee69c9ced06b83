import { type OAuthError, type RefusalRow, refusals } from './refusals.ts'

/** An AADSTS number that this emulator answers with. */
export type Aadsts = keyof typeof refusals

/** One refusal, filled in for the case at hand. */
export interface Refusal {
  readonly aadsts: Aadsts
  readonly error: OAuthError
  readonly status: RefusalRow['status']
  /** One sentence or more, without the number, trace and time that the error body adds. */
  readonly text: string
  readonly hasUri: boolean
}

/** Thrown where a request cannot go on. Its message is what the client reads: never a secret or an assertion. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal

  constructor(refusal: Refusal | PreparedRefusal) {
    const whole = 'text' in refusal ? refusal : filled(refusal)
    super(`AADSTS${whole.aadsts}: ${whole.text}`)
    this.refusal = whole
  }
}

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

/** A value that takes work is given as a function. */
type Value = string | (() => string)

/** The values that the text of a number needs: none, or an object with exactly its placeholders. */
type Values<N extends Aadsts> = [Placeholders<(typeof refusals)[N]['text']>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof refusals)[N]['text']>, Value>>]

/** A refusal whose text is not filled in yet: of some forty that a request is held against, one at most is needed. */
export interface PreparedRefusal {
  readonly aadsts: Aadsts
  readonly values: Readonly<Record<string, Value>> | undefined
}

export function refusal<N extends Aadsts>(aadsts: N, ...[values]: Values<N>): PreparedRefusal {
  return { aadsts, values }
}

export function filled({ aadsts, values }: PreparedRefusal): Refusal {
  const row: RefusalRow = refusals[aadsts]
  const text = row.text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values?.[name] ?? ''
    return typeof value === 'string' ? value : value()
  })
  return { aadsts, error: row.error, status: row.status, text, hasUri: row.withoutUri !== true }
}
