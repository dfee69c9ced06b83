/** Text from elsewhere on one line, without what would move the cursor, colour or reorder a terminal's text. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD')
}

/** The same for a text of several lines: remarks and reports quote configuration files and servers. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n')
}

/** JSON of the same value, with all of that escaped; line ends stay. */
export function plainJson(json: string): string {
  return json.replace(/(?!\n)\p{C}/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
