/** Writes docs/cli.md from the definitions of the commands: `npm run docs`. A test holds the two equal. */
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { allOptions } from '../packages/cli/src/arguments.ts'
import { type Command, type CommandNode, visibleCommands } from '../packages/cli/src/command.ts'
import { commandTree } from '../packages/cli/src/command-tree.ts'
import { operandRows, optionRows, usageOf } from '../packages/cli/src/help/rows.ts'
import { topics } from '../packages/cli/src/help/topics.ts'

export const referencePath = 'docs/cli.md'

export async function cliReference(): Promise<string> {
  const sections = await sectionsOf(commandTree, [])
  const index = sections.map(({ title, summary }) => `- [\`${title}\`](#${anchor(title)}): ${summary}`)
  const pages = Object.entries(topics).map(
    ([name, { summary, text }]) => `## help ${name}\n\n${capital(summary)}.\n\n\`\`\`text\n${text()}\n\`\`\``,
  )
  return `${[
    '# The command line',
    'Made from the definitions of the commands by `npm run docs`; `x5t <command> --help` says the same. Options that every\ncommand has stand once, at the end.',
    index.join('\n'),
    ...sections.map(({ text }) => text),
    `## Options of every command\n\n${table(commonRows())}`,
    ...pages,
  ].join('\n\n')}\n`
}

interface Section {
  readonly title: string
  readonly summary: string
  readonly text: string
}

async function sectionsOf(node: CommandNode, path: readonly string[]): Promise<Section[]> {
  const command = await node.load?.()
  const own = command === undefined ? [] : [section(command, path)]
  const children = await Promise.all(
    visibleCommands(node).map(([word, child]) => sectionsOf(child, [...path, word])),
  )
  return [...own, ...children.flat()]
}

function section(command: Command, path: readonly string[]): Section {
  const title = ['x5t', ...path].join(' ')
  const rows = [...operandRows(command), ...optionRows(command.options)]
  const parts = [
    `## ${title}`,
    `${command.summary}.`,
    ...(command.details === undefined ? [] : [command.details]),
    `\`\`\`console\n${command.examples.map((example) => `$ ${example}`).join('\n')}\n\`\`\``,
    `Usage: \`${usageOf(command, path)}\``,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ]
  return { title, summary: command.summary, text: parts.join('\n\n') }
}

/** Those that help adds to each command, but for `--json`, which only some have. */
function commonRows(): string[][] {
  const bare: Command = { summary: '', examples: [], options: {}, run: async () => undefined }
  return optionRows(allOptions(bare))
}

function table(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map(
    ([first = '', second = '']) => `| \`${first}\` | ${second.replaceAll('|', '\\|')} |`,
  )
  return ['| option | meaning |', '|---|---|', ...escaped].join('\n')
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(referencePath, await cliReference())
}
