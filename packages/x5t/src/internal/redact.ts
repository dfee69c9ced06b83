/** Of a text from the network nothing behind this is shown. */
export const maxShownChars = 4_096

/** Text from the network, fit for an error message: one line, short, and nothing in it long enough to be a credential. */
export function excerpt(text: string, maxChars = 80): string {
  // biome-ignore lint/complexity/useRegexLiterals: of a literal V8 looks up \p{C} at every start, which takes 0.4 ms
  const invisible = new RegExp('[\\p{C}\\s]+', 'gu')
  const line = mask(text.slice(0, maxShownChars)).replace(invisible, ' ').trim()
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line
}

/** What somebody else's code threw, fit for an error message: 160 characters at most. */
export function reasonOf(thrown: unknown): string {
  return excerpt(thrown instanceof Error ? thrown.message : String(thrown), 160)
}

/**
 * An address without its user and its query: they may hold a password, or the key of a gateway. Where it is none, and
 * has an `@` behind a `?` or `#`, nothing tells a password with such a character from a query with an `@`.
 */
export function shownAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:')
    return `${url.origin}${url.pathname}${url.search && '?…'}`
  return /[?#].*@/s.test(text) ? '…' : text.replace(/^.*@|[?#].*$/gs, '')
}

/** A text with each address in it as {@link shownAddress} shows it. */
export function shownAddresses(text: string): string {
  return text.replace(/https?:\/\/[^\s'"<>]+/gi, shownAddress)
}

/** Replaces every unbroken run of token characters (a JWT, a key, an opaque token) by its length. */
export function mask(text: string): string {
  return text.replace(/[\w\-.~+/=]{24,}/g, (run) => (isHarmless(run) ? run : `(${run.length} characters)`))
}

/** The text itself, unless what would be shown of it repeats the assertion that was sent. */
export function unlessEchoed(text: string, assertion: string): string {
  return echoes(mask(text).slice(0, maxShownChars), assertion) ? 'it repeats the client assertion' : text
}

/**
 * Whether `text` repeats five of the runs of four characters that `secret` has, or spells 192 of its characters in
 * their order: eight characters in a row do the first, and so do five pieces of four; an echo in smaller pieces does the
 * second, with anything between them.
 */
export function echoes(text: string, secret: string): boolean {
  const parts = partsOf(secret)
  const shared = [...partsOf(text)].filter((part) => parts.has(part))
  return shared.length >= sharedParts || spells(text, secret)
}

const partChars = 4
/** By accident 4,096 characters of English share two with an assertion at most, and mostly none: 400 were tried. */
const sharedParts = 5

function partsOf(text: string): Set<string> {
  const characters = text.replace(/[^\w-]+/g, '')
  const starts = Math.max(characters.length - partChars + 1, 0)
  return new Set(Array.from({ length: starts }, (_, at) => characters.slice(at, at + partChars)))
}

const spelledChars = 128
/** By accident 4,096 characters of English spell 33 of an assertion, and as many of another token 106. */
function spells(text: string, secret: string): boolean {
  for (let start = 0; start + spelledChars <= secret.length; start += spelledChars / 2) {
    let at = 0
    for (const character of secret.slice(start, start + spelledChars)) {
      at = text.indexOf(character, at) + 1
      if (at === 0) break
    }
    if (at > 0) return true
  }
  return false
}

/**
 * Addresses and names are runs of short pieces. Of the long pieces, ids and error codes are what support asks for
 * and thumbprints what the portal shows; no credential is written like one.
 */
function isHarmless(run: string): boolean {
  return run.split(/[./=]/).every((piece) => piece.length < 24 || known.test(piece))
}

/** A GUID, a thumbprint as the portal shows it, a code like `SELF_SIGNED_CERT_IN_CHAIN`. */
const known = /^([\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}|[0-9A-F]{40}|[0-9A-F]{64}|[A-Z]+(_[A-Z]+)+)$/
