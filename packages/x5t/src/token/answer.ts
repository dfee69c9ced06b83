import type { HttpResponse } from '../http/exchange.ts'

/** An answer, and its JSON object, or one clause that says why there is none. */
export type Answer = HttpResponse &
  (
    | { readonly wire: Readonly<Record<string, unknown>>; readonly flaw: undefined }
    | { readonly wire: undefined; readonly flaw: string }
  )

/** What turns an answer into words and times. */
export interface AnswerContext {
  readonly host: string
  /** The time as the service counts it, epoch milliseconds. */
  readonly now: number
  readonly explain: Explain
  /** What was sent, and must not be shown whatever the service echoes. */
  readonly assertion: string
}

/** Chooses the words for a refusal from its AADSTS numbers; they never steer anything else. */
export type Explain = (errorCodes: readonly number[]) => {
  summary?: string | undefined
  hint?: string | undefined
}
