import type { Command, Option, Options } from '../command.ts'

/** `x5t cert show [options] FILE` */
export function usageOf(command: Command, path: readonly string[]): string {
  const words = Object.entries(command.positionals ?? {}).map(([name, { optional, rest, multiple }]) => {
    const word = `${name.toUpperCase()}${rest || multiple ? '…' : ''}`
    return optional ? `[${word}]` : word
  })
  return ['x5t', ...path, '[options]', ...words].join(' ')
}

/** Name and meaning of each word that is no option. */
export function operandRows(command: Command): string[][] {
  return Object.entries(command.positionals ?? {}).map(([name, { description, choices = [] }]) => [
    name.toUpperCase(),
    choices.length === 0 ? description : `${description} (${choices.join(', ')})`,
  ])
}

/** Name and meaning of each option that may be given. */
export function optionRows(options: Options): string[][] {
  return Object.entries(options).flatMap(([name, option]) =>
    option.type === 'refused'
      ? []
      : [[`${shortOf(option)}--${name}${placeholder(option)}`, describe(option)]],
  )
}

type Given = Exclude<Option, { readonly type: 'refused' }>

function shortOf(option: Given): string {
  return 'short' in option && option.short !== undefined ? `-${option.short}, ` : ''
}

function placeholder(option: Given): string {
  return option.type === 'boolean' ? '' : ` ${option.value}`
}

function describe(option: Given): string {
  const notes: string[] = []
  if (option.type === 'string' && option.choices !== undefined) notes.push(option.choices.join(', '))
  if (option.type === 'string' && option.required) notes.push('required')
  if (option.type === 'string' && option.multiple) notes.push('may be repeated')
  if (option.type !== 'boolean' && option.default !== undefined) notes.push(`default ${option.default}`)
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`
}
