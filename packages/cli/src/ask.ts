import { openSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { ReadStream, WriteStream } from 'node:tty'
import { CliError } from './cli-error.ts'
import type { Ask } from './io.ts'
import { plain } from './plain.ts'

/** Asks on the terminal itself, so that neither stream carries the question; what is hidden is not echoed. */
export const ask: Ask = async (question, { hidden = false } = {}) => {
  const { input, output } = openTerminal()
  const shown = plain(question)
  try {
    return await (hidden ? askHidden(shown, input, output) : askLine(shown, input, output))
  } finally {
    if (input === process.stdin) input.pause()
    else for (const stream of [input, output]) stream.destroy()
  }
}

function openTerminal(): { input: ReadStream; output: WriteStream } {
  if (process.platform === 'win32')
    return { input: process.stdin as ReadStream, output: process.stderr as WriteStream } // asked only where they are terminals
  const terminal = openSync('/dev/tty', 'r+')
  return { input: new ReadStream(terminal), output: new WriteStream(openSync('/dev/tty', 'w')) }
}

async function askLine(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  // Not as a terminal: its own line editing is enough, and no escape sequence is written.
  const reader = createInterface({ input, output, terminal: false })
  const aborted = new Promise<never>((_, reject) => {
    reader.once('close', () => reject(interrupted()))
  })
  try {
    return (await Promise.race([reader.question(question), aborted])).trim()
  } finally {
    aborted.catch(() => {})
    reader.close()
  }
}

/** Raw mode by hand: readline would echo. */
function askHidden(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  // Before the question, or the terminal echoes who answers at once: a paste, a script.
  input.setRawMode(true)
  output.write(question)
  input.setEncoding('utf8')
  return new Promise<string>((resolve, reject) => {
    let line = ''
    input.on('data', (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n') return resolve(line)
        if (character === '\u0003' || character === '\u0004') return reject(interrupted())
        // By characters, which may be of two units.
        if (character === '\u007f' || character === '\b') line = [...line].slice(0, -1).join('')
        else line += character
      }
    })
    input.once('end', () => reject(interrupted()))
    input.once('error', reject)
  }).finally(() => {
    input.setRawMode(false)
    output.write('\n')
  })
}

function interrupted(): CliError {
  return new CliError('ERR_INTERRUPTED', 'nothing was entered')
}
