/** What this side knows about the request that was refused; it turns a number into advice. */
export interface RequestFacts {
  readonly clientId: string
  readonly tenant: string
  /** The certificate that signed, by the names under which the portal lists it. */
  readonly thumbprintSha1Hex: string
  readonly thumbprintSha256: string
}

/** One AADSTS number. `{clientId}`, `{tenant}` and the thumbprints in a text are filled in where they are known. */
export interface AadstsEntry {
  /** What the number means: one clause, fit for the place of "host answered 401". */
  readonly summary: string
  /** What to do first. */
  readonly hint: string
  /** Usual causes, the likeliest first. */
  readonly causes: readonly string[]
  /**
   * Where the meaning is from. `reference`: Microsoft's page of error codes; `observed`: answers of the service as
   * client libraries and bug reports recorded them; `guess`: neither is clear.
   */
  readonly source: 'reference' | 'observed' | 'guess'
  /** The same request may succeed later. */
  readonly transient?: true
}

export type AadstsEntries = Readonly<Record<number, AadstsEntry>>

/** What a fact is called where it is not known. */
const unknown: RequestFacts = {
  clientId: '<app id>',
  tenant: '<tenant>',
  thumbprintSha1Hex: '<SHA-1>',
  thumbprintSha256: '<SHA-256>',
}

export function fillIn(text: string, facts: Partial<RequestFacts>): string {
  return text.replace(/\{(clientId|tenant|thumbprintSha1Hex|thumbprintSha256)\}/g, (_, name: string) => {
    const fact = name as keyof RequestFacts // the pattern names its members
    return facts[fact] ?? unknown[fact]
  })
}
