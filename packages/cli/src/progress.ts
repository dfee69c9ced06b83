import type { Io } from './io.ts'
import type { Terminal } from './terminal.ts'

/** What is going on while somebody waits. */
export interface Progress {
  show(text: string): void
  /** Takes the line away where it was rewritten in place. */
  end(): void
}

/** Shorter waits are not worth a line. */
const silentMs = 400

/** One line on stderr: rewritten in place on a terminal, a line for each change elsewhere. */
export function createProgress(io: Io, terminal: Terminal): Progress {
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
