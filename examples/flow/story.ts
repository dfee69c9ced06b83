import { styleText } from 'node:util'

/** Tells the flow on stdout, a short block for each step. Tokens are masked in the middle unless asked for. */
export function createStory({ showTokens }: { showTokens: boolean }) {
  const print = (line = '') => process.stdout.write(`${line}\n`)
  const title = (text: string) => print(process.stdout.isTTY ? styleText('bold', text) : text)
  const shown = (token: string) =>
    showTokens ? token : `${token.slice(0, 12)}…${token.slice(-6)} (${token.length} characters)`

  function step(heading: string, facts: Record<string, unknown>): void {
    title(heading)
    const width = Math.max(...Object.keys(facts).map((name) => name.length))
    for (const [name, value] of Object.entries(facts)) print(`  ${name.padEnd(width)}  ${value}`)
    print()
  }

  return {
    step,
    intro(text: string) {
      print(`${text}\n`)
    },
    /** A JWT by its parts: what was said, not only that something was. */
    jwt(heading: string, token: string) {
      const [header, claims] = token
        .split('.')
        .slice(0, 2)
        .map((part) => Buffer.from(part, 'base64url').toString())
      step(heading, { header, claims, token: shown(token) })
    },
    /** The service's own members and types. */
    answer(heading: string, wire: Readonly<Record<string, unknown>>) {
      title(heading)
      const masked = { ...wire, access_token: shown(String(wire.access_token)) }
      for (const line of JSON.stringify(masked, null, 2).split('\n')) print(`  ${line}`)
      print()
    },
    end(text: string) {
      print(text)
    },
  }
}
