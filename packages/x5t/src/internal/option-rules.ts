/** What the value of an option must be: a judgement, and the words for it. */
export type Rule = readonly [isGood: (value: unknown) => boolean, what: string]
export type Rules = Readonly<Record<string, Rule>>

/** @throws TypeError that names the option; a program in JavaScript may pass what the types refuse. */
export function assertRule(name: string, value: unknown, [isGood, what]: Rule): void {
  if (!isGood(value)) throw new TypeError(`${name} must be ${what}`)
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
export const isListOf = (isGood: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(isGood)
export const isTexts = isListOf(isText)

export const flag: Rule = [(value) => typeof value === 'boolean', 'true or false']
export const code: Rule = [(value) => typeof value === 'function', 'a function']
export const text: Rule = [isText, 'a string, not empty']
export const textOrTexts: Rule = [
  (value) => isText(value) || isTexts(value),
  'a string or a list of strings, not empty',
]
