/**
 * A text of the service without the tokens in it, however they are made: by their names, in JSON, JSON within JSON and
 * forms. What stands in escapes is written out first, for it hides from all that looks for it.
 */
export function withoutTokens(text: string): string {
  return text.replace(escaped, writtenOut).replace(inJson, blank).replace(inForm, blank)
}

/** A token may hold any printable character, so a string of JSON ends with its quote and nothing before. */
const inJson = /((?:access|refresh|id)_token\\*"\s*:\s*\\*")((?:[^"\\]|\\.)+)/gis
const inForm = /((?:access|refresh|id)_token=)([^&\s"'<>]+)/gi
/** ASCII, of which JSON need escape none but the quote and the backslash. */
const escaped = /\\u00[2-7][\da-f]/gi

function blank(_: string, name: string, value: string): string {
  return `${name}(${value.length} characters)`
}

function writtenOut(unit: string): string {
  return JSON.stringify(JSON.parse(`"${unit}"`)).slice(1, -1)
}
