/** Text from the network, fit for an error message: one line, short, and nothing in it long enough to be a credential. */
export function excerpt(text: string, maxChars = 80): string {
  const line = mask(text.slice(0, 4_096))
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line
}

/** Replaces every unbroken run of token characters (a JWT, a key, an opaque token) by its length. */
export function mask(text: string): string {
  return text.replace(/[\w\-.~+/=]{24,}/g, (run) => (isHarmless(run) ? run : `(${run.length} characters)`))
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
