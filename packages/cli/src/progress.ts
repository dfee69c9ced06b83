import type { Io } from './io.ts'
import type { Terminal } from './terminal.ts'

/** What is going on while somebody waits. */
export interface Progress {
  show(text: string): void
  /** Takes the line away where it was rewritten in place. */
  end(): void
}

/**
 * One line on stderr: rewritten in place on a terminal, a line for each change elsewhere.
 *
 * @param silentMs - Shorter waits are not worth a line. 0 for who knows how long it will be.
 */
export function createProgress(io: Io, terminal: Terminal, silentMs = 400): Progress {
  const startedAt = io.now()
  const inPlace = io.stderr.isTTY === true && io.env.TERM !== 'dumb'
  let shown = ''
  return {
    show(text) {
      if (text === shown || (shown === '' && io.now() - startedAt < silentMs && inPlace)) return
      shown = text
      if (inPlace) terminal.rewrite(text)
      else terminal.note(text)
    },
    end() {
      if (inPlace && shown !== '') terminal.rewrite('')
    },
  }
}
