import { whileListening } from './listening.ts'
import { plain } from './plain.ts'
import type { Terminal } from './terminal.ts'

/**
 * Shows each exchange with the token endpoint, until the work is done.
 *
 * @param on - False: does the work only.
 */
export async function explaining<T>(on: boolean, terminal: Terminal, work: () => Promise<T>): Promise<T> {
  if (!on) return work()
  // The shape stands in docs/events.md.
  const listen = (message: unknown) => {
    for (const line of linesOf(message as Exchange)) terminal.note(plain(line))
  }
  return whileListening('x5t:exchange', listen, work)
}

interface Exchange {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly status: number
  readonly answerHeaders: Readonly<Record<string, string>>
  readonly answer: string
}

function linesOf({ url, headers, form, status, answerHeaders, answer }: Exchange): string[] {
  const fields = Object.entries(form).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`>   ${name} = ${value}`]
      : [`>   ${name} =`, ...Object.entries(value).map(([part, text]) => `>     ${part.padEnd(9)} ${text}`)],
  )
  const named =
    (sign: string) =>
    ([name, value]: [string, string]) =>
      `${sign} ${name}: ${value}`
  return [
    `> POST ${url}`,
    ...Object.entries(headers).map(named('>')),
    '>',
    ...fields,
    `< ${status}`,
    ...Object.entries(answerHeaders).map(named('<')),
    '<',
    ...answer.split('\n').map((line) => `<   ${line}`),
  ]
}
