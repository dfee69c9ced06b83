import { allOptions } from './arguments.ts'
import type { Command, Option } from './command.ts'
import type { CommandNode } from './command-tree.ts'
import { exitCodes } from './exit-code.ts'

/** Six lines that show what this is for; `x5t --help` lists everything. */
export function overview(): string {
  return [
    'x5t emulator                                  a local Entra, and a .env that points at it',
    'x5t cert new --name billing                   a key and a certificate',
    'x5t cert show billing.crt                     its thumbprints, as the portal shows them',
    'x5t token --scope https://graph.microsoft.com/.default',
    'x5t token | x5t decode                        what a token says',
    'x5t --help                                    all commands',
  ].join('\n')
}

/** A group: its commands, a line each. */
export async function groupHelp(node: CommandNode, path: readonly string[]): Promise<string> {
  const name = ['x5t', ...path].join(' ')
  const rows = await Promise.all(
    Object.entries(node.commands ?? {}).map(async ([word, child]) => [
      `${name} ${word}`,
      child.summary ?? (await child.load?.())?.summary ?? '',
    ]),
  )
  const title = path.length === 0 ? 'Certificate credentials for Microsoft Entra ID.' : (node.summary ?? '')
  return [
    title,
    '',
    ...table(rows),
    '',
    `${name} <command> --help begins with examples.`,
    ...(path.length === 0 ? ['x5t --version prints the version.'] : []),
    '',
    ...exitLines(),
  ].join('\n')
}

/** Examples first, exit codes last. */
export function commandHelp(command: Command, node: CommandNode, path: readonly string[]): string {
  const words = Object.entries(command.positionals ?? {})
  const usage = words.map(([name, { optional, rest }]) => {
    const word = `${name.toUpperCase()}${rest ? '…' : ''}`
    return optional ? `[${word}]` : word
  })
  const options = Object.entries(allOptions(command)).filter(([, { type }]) => type !== 'refused')
  const children = Object.keys(node.commands ?? {}).map((word) => `  x5t ${[...path, word].join(' ')} --help`)
  return [
    ...command.examples.map((example) => `  $ ${example}`),
    '',
    `${command.summary}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    `Usage: ${['x5t', ...path, '[options]', ...usage].join(' ')}`,
    '',
    ...table(words.map(([name, { description }]) => [name.toUpperCase(), description])),
    ...table(options.map(([name, option]) => [`--${name}${placeholder(option)}`, describe(option)])),
    ...(children.length === 0 ? [] : ['', 'More:', ...children]),
    '',
    ...exitLines(),
  ].join('\n')
}

function placeholder(option: Option): string {
  return option.type === 'string' || option.type === 'integer' ? ` ${option.value}` : ''
}

function describe(option: Option): string {
  if (option.type === 'refused') return option.reason
  const notes: string[] = []
  if (option.type === 'string' && option.choices !== undefined) notes.push(option.choices.join(', '))
  if (option.type === 'string' && option.required) notes.push('required')
  if (option.type === 'string' && option.multiple) notes.push('may be repeated')
  if (option.type !== 'boolean' && option.default !== undefined) notes.push(`default ${option.default}`)
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`
}

function table(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map(([first = '']) => first.length))
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`.trimEnd())
}

function exitLines(): string[] {
  return ['Exit codes:', ...table(Object.entries(exitCodes))]
}
