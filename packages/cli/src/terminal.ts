import type { Io } from './io.ts'
import { plainJson, plainLines } from './plain.ts'

/** Where a command speaks. stdout is the answer, stderr the conversation. */
export interface Terminal {
  /** One line or more of the answer; the last newline is added. */
  out(text: string): void
  /** A remark on stderr; `--quiet` silences it. */
  note(text: string): void
  /** Puts `text` in place of what the last `rewrite` wrote, on a terminal. `--quiet` silences it. */
  rewrite(text: string): void
  /** Something the reader should mend, though the command goes on. */
  warn(text: string): void
}

/** What the arguments ask of the form, read before they are parsed so that usage errors take it too. */
export interface Presentation {
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  readonly noInput: boolean
}

export function presentationOf(argv: readonly string[]): Presentation {
  const output = argv.lastIndexOf('--output')
  return {
    json:
      argv.includes('--json') ||
      argv.includes('--output=json') ||
      (output >= 0 && argv[output + 1] === 'json'),
    quiet: argv.includes('--quiet'),
    debug: argv.includes('--debug'),
    noInput: argv.includes('--no-input'),
  }
}

/** Only where a person sits at both ends: a pipe on either side, and a build machine with a terminal, would hang. */
export function mayAsk(io: Io, { noInput }: Presentation): boolean {
  const { stdout, env } = io
  const automated = ['CI', 'TF_BUILD', 'BUILD_ID'].some((name) => env[name] && env[name] !== 'false')
  return stdout.isTTY === true && !automated && !noInput && io.stdin.isTTY === true
}

/**
 * With JSON, remarks wait until the answer has begun: a program that reads stderr after a failure must find one
 * object there and nothing else.
 */
export function createTerminal(io: Io, { json, quiet }: Presentation): Terminal {
  let held: string[] | undefined = json ? [] : undefined
  const say = (text: string) => {
    if (held === undefined) io.stderr.write(`${text}\n`)
    else held.push(text)
  }
  return {
    out(text) {
      io.stdout.write(`${json ? plainJson(text) : text}\n`)
      const remarks = held ?? []
      held = undefined
      for (const remark of remarks) say(remark)
    },
    note(text) {
      if (!quiet) say(plainLines(text))
    },
    rewrite(text) {
      if (!quiet && !json) io.stderr.write(`\r\u001b[2K${text}`)
    },
    warn(text) {
      say(`x5t: ${io.style('yellow', 'warning:')} ${plainLines(text)}`)
    },
  }
}
