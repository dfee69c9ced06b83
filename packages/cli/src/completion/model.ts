import { allOptions } from '../arguments.ts'
import { type Command, type CommandNode, type Option, visibleCommands } from '../command.ts'
import { topics } from '../help/topics.ts'

/** What may follow the words `x5t cert new`. All of it is known beforehand, so a script needs no process to complete. */
export interface Place {
  /** `x5t cert new` */
  readonly path: string
  readonly words: readonly Named[]
  readonly options: readonly (Named & { readonly takes: Takes })[]
  /** Of the words that are no commands. */
  readonly operand: Takes
}

interface Named {
  readonly name: string
  readonly description: string
}

export type Takes = 'nothing' | 'text' | 'file' | readonly string[]

export async function completionModel(root: CommandNode): Promise<readonly Place[]> {
  const places = await placesOf(root, ['x5t'])
  const commands = visibleCommands(root).map(([word]) => word)
  const pages = Object.entries(topics).map(([name, { summary }]) => ({ name, description: summary }))
  const words = [...pages, ...commands.map((name) => ({ name, description: `help of ${name}` }))]
  return [...places, { path: 'x5t help', words, options: [], operand: 'nothing' }]
}

async function placesOf(node: CommandNode, path: readonly string[]): Promise<Place[]> {
  const command = await node.load?.()
  const children = await Promise.all(
    visibleCommands(node).map(async ([name, child]) => ({
      word: { name, description: child.summary ?? (await child.load?.())?.summary ?? '' },
      places: await placesOf(child, [...path, name]),
    })),
  )
  const words = children.map(({ word }) => word)
  const isRoot = path.length === 1
  const place: Place = {
    path: path.join(' '),
    words: isRoot
      ? [...words, { name: 'help', description: 'pages that belong to no single command' }]
      : words,
    options: command === undefined ? groupOptions(isRoot) : optionsOf(command),
    operand: operandOf(command),
  }
  return [place, ...children.flatMap(({ places }) => places)]
}

function groupOptions(isRoot: boolean): Place['options'] {
  const help = { name: '--help', description: 'show the commands', takes: 'nothing' } as const
  const version = { name: '--version', description: 'print the version', takes: 'nothing' } as const
  return isRoot ? [help, version] : [help]
}

function optionsOf(command: Command): Place['options'] {
  return Object.entries(allOptions(command)).flatMap(([name, option]) =>
    option.type === 'refused'
      ? []
      : namesOf(name, option).map((given) => ({
          name: given,
          description: option.description,
          takes: takesOf(option),
        })),
  )
}

function namesOf(name: string, option: Exclude<Option, { type: 'refused' }>): string[] {
  return 'short' in option && option.short !== undefined ? [`--${name}`, `-${option.short}`] : [`--${name}`]
}

function takesOf(option: Exclude<Option, { type: 'refused' }>): Takes {
  if (option.type === 'boolean') return 'nothing'
  if (option.type === 'string' && option.choices !== undefined) return option.choices
  return option.value === 'FILE' || option.value === 'FOLDER' ? 'file' : 'text'
}

/** Positionals that are called `file` take one. */
function operandOf(command: Command | undefined): Takes {
  const [first] = Object.entries(command?.positionals ?? {})
  if (first === undefined) return 'nothing'
  const [name, { choices }] = first
  return choices ?? (name === 'file' ? 'file' : 'text')
}

/** Single quotes, as bash, zsh and the words of this program's help need them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
