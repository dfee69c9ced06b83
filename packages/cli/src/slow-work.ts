import type { Terminal } from './terminal.ts'

/** What takes less is not worth a line. */
const quietMs = 400

/** Waits for the work, and says what it is once it takes long. */
export async function sayIfSlow<T>(terminal: Terminal, what: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => terminal.note(`${what} …`), quietMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
