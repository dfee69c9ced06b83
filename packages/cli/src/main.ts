import { readFile } from 'node:fs/promises'
import { parseArguments } from './arguments.ts'
import { UsageError } from './cli-error.ts'
import { commandTree, findCommand } from './command-tree.ts'
import type { ExitCode } from './exit-code.ts'
import { commandHelp, groupHelp, overview } from './help/help.ts'
import { findTopic } from './help/topics.ts'
import type { Io } from './io.ts'
import { report } from './report.ts'
import { createTerminal, mayAsk, presentationOf } from './terminal.ts'

/** The whole command line as a function: words in, text on the streams of `io`, an exit code out. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const presentation = presentationOf(argv)
  const terminal = createTerminal(io, presentation)
  try {
    if (argv.length === 0) {
      terminal.out(overview())
      return 0
    }
    if (argv[0] === '--version') {
      terminal.out(await version())
      return 0
    }
    const topic =
      argv[0] === 'help' ? findTopic(argv.slice(1), Object.keys(commandTree.commands ?? {})) : undefined
    if (topic !== undefined) {
      terminal.out(topic.text())
      return 0
    }
    const { node, path, rest } = findCommand(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv)
    const command = await node.load?.()
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(command === undefined ? await groupHelp(node, path) : commandHelp(command, node, path))
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
    const context = { io, terminal, ask, tree: commandTree }
    return (await command.run(values as never, context)) ?? 0 // the values follow from the command's options
  } catch (error) {
    return report(error, io, presentation)
  }
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return String(JSON.parse(manifest).version)
}
