import { allOptions } from '../arguments.ts'
import { type Command, type CommandNode, visibleCommands } from '../command.ts'
import { exitCodes } from '../exit-code.ts'
import { operandRows, optionRows, usageOf } from './rows.ts'
import { table } from './table.ts'

/** Six lines that show what this is for; `x5t --help` lists everything. */
export function overview(): string {
  return [
    'x5t init                                      a key, a certificate, a configuration; what to upload where',
    'x5t token --scope https://graph.microsoft.com/.default',
    'x5t token | x5t decode                        what a token says',
    'x5t doctor                                    why it does not work, and what mends it',
    'x5t emulator                                  a local Entra to try all of this',
    'x5t --help                                    all commands',
  ].join('\n')
}

/** A group: its commands, a line each. */
export async function groupHelp(node: CommandNode, path: readonly string[]): Promise<string> {
  const name = ['x5t', ...path].join(' ')
  const rows = await Promise.all(
    visibleCommands(node).map(async ([word, child]) => [
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
    ...(path.length === 0 ? await rootLines() : []),
    '',
    ...exitLines(),
  ].join('\n')
}

async function rootLines(): Promise<string[]> {
  const { topics } = await import('./topics.ts')
  const rows = Object.entries(topics).map(([word, { summary }]) => [`x5t help ${word}`, summary])
  return ['x5t --version prints the version.', '', ...table(rows)]
}

/** Examples first, exit codes last. */
export function commandHelp(command: Command, node: CommandNode, path: readonly string[]): string {
  const children = visibleCommands(node).map(([word]) => `  x5t ${[...path, word].join(' ')} --help`)
  return [
    ...command.examples.map((example) => `  $ ${example}`),
    '',
    `${command.summary}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    `Usage: ${usageOf(command, path)}`,
    '',
    ...table(operandRows(command)),
    ...table(optionRows(allOptions(command))),
    ...(children.length === 0 ? [] : ['', 'More:', ...children]),
    '',
    ...exitLines(command.predicate && { ...command.predicate, 255: 'an error' }),
  ].join('\n')
}

function exitLines(codes: Readonly<Record<number, string>> = exitCodes): string[] {
  return ['Exit codes:', ...table(Object.entries(codes))]
}
