import type { Command } from './command.ts'

/** A word of the command line: a command, a group of them, or both (`emulator` and `emulator cert add`). */
export interface CommandNode {
  readonly load?: () => Promise<Command>
  /** For a group that is no command: one line, as a command's. */
  readonly summary?: string
  /** A word for hands trained elsewhere: it works, and no list shows it. */
  readonly hidden?: true
  readonly commands?: Readonly<Record<string, CommandNode>>
}

/** What lists, guesses and completions show. */
export function visibleCommands(node: CommandNode): [word: string, node: CommandNode][] {
  return Object.entries(node.commands ?? {}).filter(([, { hidden }]) => !hidden)
}
