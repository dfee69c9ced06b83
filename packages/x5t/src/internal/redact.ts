/** Text from the network, fit for an error message: one line, short, and nothing in it long enough to be a credential. */
export function excerpt(text: string, maxChars = 80): string {
  const line = mask(text.slice(0, 4_096))
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line
}

/** Replaces every unbroken run of 24 or more token characters (a JWT, a key, an opaque token) by its length. */
export function mask(text: string): string {
  return text.replace(/[A-Za-z0-9_\-.~+/=]{24,}/g, (run) =>
    isGuid(run) ? run : `(${run.length} characters)`,
  )
}

/** Correlation and trace ids are what support asks for; they are long, and no secret. */
function isGuid(run: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.?$/i.test(run)
}
