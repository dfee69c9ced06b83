/** Text from elsewhere on one line, without what would move the cursor, colour or reorder a terminal's text. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD')
}
