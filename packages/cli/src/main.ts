import { parseArguments } from './arguments.ts'
import { UsageError } from './cli-error.ts'
import type { Command, CommandNode } from './command.ts'
import { commandTree, findCommand } from './command-tree.ts'
import type { ExitCode } from './exit-code.ts'
import type { Io } from './io.ts'
import { createTerminal, mayAsk, presentationOf } from './terminal.ts'

/** The whole command line as a function: words in, text on the streams of `io`, an exit code out. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const presentation = presentationOf(argv)
  const terminal = createTerminal(io, presentation)
  let command: Command | undefined
  try {
    const page = await pageFor(argv)
    if (page !== undefined) {
      terminal.out(page)
      return 0
    }
    const { node, path, rest } = findCommand(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv)
    command = await node.load?.()
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(await helpOf(command, node, path))
      return 0
    }
    if (command === undefined) {
      const name = ['x5t', ...path].join(' ')
      const stray =
        rest[0] === undefined ? `${name} needs a command` : `unknown option ${rest[0].split('=')[0]}`
      throw new UsageError([stray], [`see: ${name} --help`])
    }
    const values = parseArguments(command, rest)
    const ask = mayAsk(io, presentation) ? io.ask : undefined
    const context = {
      io: presentation.noInput ? { ...io, noInput: true } : io,
      terminal,
      ask,
      tree: commandTree,
    }
    return (await command.run(values as never, context)) ?? 0 // the values follow from the command's options
  } catch (error) {
    const { report } = await import('./report.ts')
    return report(error, io, presentation, command?.predicate && 255)
  }
}

/** What is no command's: six examples, the version, a page of help. Help is loaded when somebody reads it. */
async function pageFor(argv: readonly string[]): Promise<string | undefined> {
  const [first, ...others] = argv
  if (first === undefined) return (await import('./help/help.ts')).overview()
  if (first === '--version') return version()
  if (first !== 'help') return undefined
  const { findTopic } = await import('./help/topics.ts')
  return findTopic(others, Object.keys(commandTree.commands ?? {}))?.text()
}

async function helpOf(
  command: Command | undefined,
  node: CommandNode,
  path: readonly string[],
): Promise<string> {
  const { commandHelp, groupHelp } = await import('./help/help.ts')
  return command === undefined ? groupHelp(node, path) : commandHelp(command, node, path)
}

async function version(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8')
  return String(JSON.parse(manifest).version)
}
