import { parseArgs } from 'node:util'
import { UsageError } from './cli-error.ts'
import type { Command, Options } from './command.ts'
import { nearest } from './nearest.ts'
import { type OptionToken, type OptionValue, readOption } from './option-value.ts'

/** Options of every command. */
export const commonOptions = {
  help: { type: 'boolean', description: 'show this help' },
  quiet: { type: 'boolean', description: 'no remarks on stderr; errors and warnings stay' },
  debug: { type: 'boolean', description: 'with an error, its causes and stack' },
  'no-input': { type: 'boolean', description: 'ask nothing; what is missing is an error' },
  passphrase: {
    type: 'refused',
    reason: 'every user of the machine can read the arguments of a process',
  },
} as const satisfies Options

/** All options of a command, in the order help lists them. */
export function allOptions(command: Command): Options {
  const { output } = command.options
  const hasJson = output?.type === 'string' && output.choices?.includes('json')
  return {
    ...command.options,
    ...(hasJson && { json: { type: 'boolean', description: 'short for --output json' } }),
    ...commonOptions,
    ...(command.options.passphrase && { passphrase: command.options.passphrase }),
  }
}

/**
 * Reads the words after the command's name.
 *
 * @returns A value for each option and positional of the command, under its name.
 * @throws UsageError with everything that is wrong, not only the first thing.
 */
export function parseArguments(command: Command, words: readonly string[]): Record<string, OptionValue> {
  const options = allOptions(command)
  const values = defaults(options)
  const problems: string[] = []
  const hints: string[] = []
  const positionals: string[] = []
  const seen = new Set<string>()
  let strayIndex = -1

  for (const token of tokenize(options, words)) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      // What follows an unknown option may be its value, and a secret: it is not repeated.
      if (token.index !== strayIndex) positionals.push(token.value)
      continue
    }
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) {
      // A key that is pasted as a value begins with dashes too: what is no name is not repeated.
      problems.push(
        /^-{1,2}[\w-]{1,40}$/.test(token.rawName) ? `unknown option ${token.rawName}` : 'unknown option',
      )
      const guess = nearest(token.name, visible(options))
      if (guess !== undefined) hints.push(`did you mean: --${guess}`)
      strayIndex = token.inlineValue ? -1 : token.index + 1
      continue
    }
    const { value, problem, guess } = readOption(option, token)
    if (guess !== undefined) hints.push(`did you mean: ${guess}`)
    if (problem !== undefined) problems.push(problem)
    else if (Array.isArray(value)) values[token.name] = [...list(values[token.name]), ...value]
    else if (seen.has(token.name) && option.type !== 'boolean')
      problems.push(`--${token.name} is given twice`)
    else values[token.name] = value
    seen.add(token.name)
  }

  if (values.json === true) values.output = 'json'
  for (const [name, option] of Object.entries(options)) {
    if (option.type === 'string' && option.required && !seen.has(name)) problems.push(`--${name} is missing`)
  }
  for (const [name, { optional, rest, multiple, choices }] of Object.entries(command.positionals ?? {})) {
    if (multiple) {
      values[name] = positionals.splice(0)
      if (list(values[name]).length === 0 && !optional) problems.push(`${name.toUpperCase()} is missing`)
      continue
    }
    const word = rest ? positionals.splice(0).join(' ') || undefined : positionals.shift()
    values[name] = word
    if (word === undefined && !optional) problems.push(`${name.toUpperCase()} is missing${oneOf(choices)}`)
    if (word !== undefined && choices?.includes(word) === false) {
      problems.push(`${name.toUpperCase()} is ${choices.join(', ')}, not "${word}"`)
      const guess = nearest(word, choices)
      if (guess !== undefined) hints.push(`did you mean: ${guess}`)
    }
  }
  for (const word of positionals) problems.push(`unexpected word "${word}"`)
  if (problems.length === 0) problems.push(...(command.check?.(values as never) ?? [])) // just read as the options say
  if (problems.length > 0) throw new UsageError(problems, hints)
  return values
}

function tokenize(options: Options, words: readonly string[]): (OptionToken | WordToken)[] {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      {
        type: option.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        ...('short' in option && option.short !== undefined && { short: option.short }),
      },
    ]),
  )
  // Not strict: strict stops at the first problem, and the reader wants them all.
  return parseArgs({
    args: words.map((word) => (word === '-h' ? '--help' : word)),
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens
}

type WordToken =
  | { kind: 'positional'; index: number; value: string }
  | { kind: 'option-terminator'; index: number }

function defaults(options: Options): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      if (option.type === 'boolean') return [name, false]
      if (option.type === 'refused') return [name, undefined]
      return [name, option.type === 'string' && option.multiple ? [] : option.default]
    }),
  )
}

function visible(options: Options): string[] {
  return Object.keys(options).filter((name) => options[name]?.type !== 'refused')
}

function oneOf(choices: readonly string[] | undefined): string {
  return choices === undefined ? '' : `: ${choices.join(', ')}`
}

function list(value: OptionValue): readonly string[] {
  return Array.isArray(value) ? value : []
}
