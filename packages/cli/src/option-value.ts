import type { Option } from './command.ts'
import { nearest } from './nearest.ts'

export type OptionValue = string | number | boolean | readonly string[] | undefined

/** An option as `parseArgs` found it among the words. */
export interface OptionToken {
  readonly kind: 'option'
  readonly index: number
  readonly name: string
  /** As typed, without the value. */
  readonly rawName: string
  readonly value: string | undefined
  /** True for `--name=value`. */
  readonly inlineValue: boolean | undefined
}

type Outcome =
  | { readonly value: OptionValue; readonly problem?: undefined; readonly guess?: undefined }
  | {
      readonly value?: undefined
      readonly problem: string
      /** What was meant, as it would be typed. */
      readonly guess?: string | undefined
    }

/** Turns one given option into the value its definition promises, or says what is wrong with it. */
export function readOption(option: Option, { rawName, value, inlineValue }: OptionToken): Outcome {
  if (option.type === 'refused') return { problem: `${rawName} is refused: ${option.reason}` }
  if (option.type === 'boolean') {
    return value === undefined ? { value: true } : { problem: `${rawName} takes no value` }
  }
  if (value === undefined) return { problem: `${rawName} needs a value: ${rawName} ${option.value}` }
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    return {
      problem: `${rawName} needs a value; for one that starts with a dash, write ${rawName}=${option.value}`,
    }
  }
  if (value === '') return { problem: `the value of ${rawName} is empty` }
  if (option.type === 'integer') {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    return number >= option.minimum && number <= option.maximum
      ? { value: number }
      : { problem: `${rawName} takes a whole number from ${option.minimum} to ${option.maximum}` }
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const near = nearest(value, option.choices)
    const guess = near === undefined ? undefined : `${rawName} ${near}`
    return { problem: `${rawName} takes ${option.choices.join(', ')}, not "${value}"`, guess }
  }
  return { value: option.multiple ? [value] : value }
}
