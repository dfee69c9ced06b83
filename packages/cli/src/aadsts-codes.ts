import { stripVTControlCharacters } from 'node:util'

/** A stretch of text that is known to hold no AADSTS number, though digits stand in it. */
const distractions =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\beyJ[\w-]+\.[\w-]*(?:\.[\w-]*)?|\b[0-9a-f]{16,}\b/gi

const prefixed = /AADSTS[:\s#_-]?\s?(\d{4,8})(?!\d)/gi
/** JSON, also as text in JSON; what Node and Python print; `Error(s): 700027` of MSAL. */
const inMember =
  /(?:error_?codes?|error_?no|error\(s\)|aadsts)(?:["'\\]|\\?u0022)*\s*[:=]\s*\[?\s*((?:["']?\d{4,8}["']?\s*,?\s*)+)/gi
const inAddress = /\berror\?code=(\d{4,8})\b/gi
/** `code=` may stand before it, another name (`pid=`) not. */
const bare = /(?<![\w.:/#$%-]|(?<!code)=)\d{5,8}(?![\w:/%-]|\.\d)/g

/**
 * The AADSTS numbers in a text, a log or a JSON answer, in their order and each once.
 *
 * A number is believed by what stands before it (`AADSTS`, `error_codes`, `error?code=`). Where none is, a text that is
 * one number is taken at its word, and a number among words only if `isKnown`; ids, times and addresses never are.
 */
export function findAadstsCodes(given: string, isKnown: (code: number) => boolean): number[] {
  const text = stripVTControlCharacters(given) // a log may have colours, also in the middle of a word
  const alone = /^\s*#?(\d{4,8})\s*$/.exec(text)?.[1]
  if (alone !== undefined) return [Number(alone)]
  const certain = [
    ...[...text.matchAll(prefixed)].map((match) => [match.index, match[1] ?? ''] as const),
    ...[...text.matchAll(inAddress)].map((match) => [match.index, match[1] ?? ''] as const),
    ...[...text.matchAll(inMember)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/\d+/g)].map(([digits]) => [match.index, digits] as const),
    ),
  ]
  if (certain.length > 0) {
    return unique(certain.sort(([a], [b]) => a - b).map(([, digits]) => Number(digits)))
  }
  const rest = text.replace(distractions, ' ')
  return unique([...rest.matchAll(bare)].map(([digits]) => Number(digits)).filter(isKnown))
}

function unique(codes: readonly number[]): number[] {
  return [...new Set(codes)]
}
