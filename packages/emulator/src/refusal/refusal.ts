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

  constructor(refusal: Refusal) {
    super(`AADSTS${refusal.aadsts}: ${refusal.text}`)
    this.refusal = refusal
  }
}

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

/** The values that the text of a number needs: none, or an object with exactly its placeholders. */
type Values<N extends Aadsts> = [Placeholders<(typeof refusals)[N]['text']>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof refusals)[N]['text']>, string>>]

/** The refusal for an AADSTS number. Its text is filled in when it is read: of some forty that a request prepares, none or one is. */
export function refusal<N extends Aadsts>(aadsts: N, ...[values]: Values<N>): Refusal {
  const row: RefusalRow = refusals[aadsts]
  const named: Readonly<Record<string, string>> = values ?? {}
  return {
    aadsts,
    error: row.error,
    status: row.status,
    get text() {
      return row.text.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? '')
    },
    hasUri: row.withoutUri !== true,
  }
}
