/** What a failed check is about, for somebody who meets it for the first time. */
export interface Advice {
  readonly means: string
  readonly fix: string
}
