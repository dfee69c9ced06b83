/** A word as a POSIX shell takes it; plain paths stay as they are. */
export function shellWord(text: string): string {
  return /^[\w./@+:\\-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
