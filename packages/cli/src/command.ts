import type { ExitCode } from './exit-code.ts'
import type { Ask, Io } from './io.ts'
import type { Terminal } from './terminal.ts'

/**
 * One command as data. The parser (arguments.ts) and the help (help.ts) read it; neither knows a command by name.
 *
 * A command imports what is heavy (the library, the emulator) inside `run`, so that its help costs next to nothing.
 */
export interface Command<O extends Options = Options, P extends Positionals = Positionals> {
  /** One line, as it stands in the list of commands. */
  readonly summary: string
  /** What the summary leaves open; paragraphs. */
  readonly details?: string
  /** Whole command lines, the commonest first. */
  readonly examples: readonly string[]
  readonly options: O
  /** In the order of the words. */
  readonly positionals?: P
  /**
   * Of a command that answers a question by its exit code, as systemd's ExecCondition wants it: what 0 and 1 say. Every
   * failure of it is 255.
   */
  readonly predicate?: { readonly 0: string; readonly 1: string }
  /** What is wrong with the values together; each value alone is right already. */
  check?(values: Values<O, P>): readonly string[]
  /** @returns Nothing for success; failures are thrown. */
  run(values: Values<O, P>, context: Context): Promise<ExitCode | undefined>
}

/** A word of the command line: a command, a group of them, or both (`emulator` and `emulator cert add`). */
export interface CommandNode {
  readonly load?: () => Promise<Command>
  /** For a group that is no command: one line, as a command's. */
  readonly summary?: string
  /** A word for hands trained elsewhere: it works, and no list shows it. */
  readonly hidden?: true
  readonly commands?: Readonly<Record<string, CommandNode>>
}

/** What a command may use besides its values. */
export interface Context {
  readonly io: Io
  readonly terminal: Terminal
  /** Undefined where nobody may be asked; what is missing is then an error that names its option. */
  readonly ask: Ask | undefined
  /** All commands, for those that speak of the others. */
  readonly tree: CommandNode
}

export type Options = Readonly<Record<string, Option>>
export type Option = BooleanOption | StringOption | IntegerOption | RefusedOption

interface BooleanOption {
  readonly type: 'boolean'
  readonly description: string
  /** One letter: `-i`. */
  readonly short?: string
}

interface StringOption {
  readonly type: 'string'
  readonly description: string
  /** How help names the value, `FILE`. */
  readonly value: string
  /** One letter: `-X`. */
  readonly short?: string
  readonly choices?: readonly string[]
  readonly default?: string
  readonly required?: boolean
  /** May be given several times. */
  readonly multiple?: boolean
}

interface IntegerOption {
  readonly type: 'integer'
  readonly description: string
  readonly value: string
  readonly minimum: number
  readonly maximum: number
  readonly default?: number
}

/** An option people try, and should not get. It takes a value, so that the value is not taken for a word and shown. */
interface RefusedOption {
  readonly type: 'refused'
  readonly reason: string
}

export type Positionals = Readonly<Record<string, Positional>>

interface Positional {
  readonly description: string
  readonly optional?: boolean
  /** The last one may take all words that are left, joined by spaces. */
  readonly rest?: boolean
  /** The last one may take all words that are left, each for itself. */
  readonly multiple?: boolean
  readonly choices?: readonly string[]
}

/** The values a command runs with: what its options and positionals promise, under the same names. */
export type Values<O extends Options, P extends Positionals> = {
  readonly [Name in keyof O]: OptionValue<O[Name]>
} & {
  readonly [Name in keyof P]: P[Name] extends { readonly multiple: true }
    ? readonly string[]
    : WordOf<P[Name]> | (P[Name] extends { readonly optional: true } ? undefined : never)
}

type WordOf<S> = S extends { readonly choices: readonly (infer Choice)[] } ? Choice : string

type OptionValue<S> = S extends { readonly type: 'boolean' }
  ? boolean
  : S extends { readonly type: 'refused' }
    ? undefined
    : S extends { readonly multiple: true }
      ? readonly string[]
      : S extends { readonly type: 'integer' }
        ? number | Absent<S>
        : S extends { readonly choices: readonly (infer Choice)[] }
          ? Choice | Absent<S>
          : string | Absent<S>

type Absent<S> = S extends { readonly default: unknown } | { readonly required: true } ? never : undefined

/** Gives a command literal its types: the values of `run` follow from the options. */
export function defineCommand<const O extends Options, const P extends Positionals = Record<never, never>>(
  command: Command<O, P>,
): Command<O, P> {
  return command
}

/** What lists, guesses and completions show. */
export function visibleCommands(node: CommandNode): [word: string, node: CommandNode][] {
  return Object.entries(node.commands ?? {}).filter(([, { hidden }]) => !hidden)
}
