import { plain } from '../plain.ts'
import type { Terminal } from '../terminal.ts'
import type { Answer } from './connection.ts'

/** An answer for a program as it came, or for people as `lines`. */
export function print(
  terminal: Terminal,
  output: 'text' | 'json',
  answer: Answer,
  lines: readonly string[],
): void {
  if (output === 'json') terminal.out(JSON.stringify(answer))
  else terminal.out(lines.map(plain).join('\n'))
}

/** Rows of words in aligned columns. */
export function columns(rows: readonly (readonly unknown[])[]): string[] {
  const texts = rows.map((row) => row.map((one) => plain(String(one ?? ''))))
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  )
  return texts.map((row) =>
    row
      .map((one, column) => one.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
