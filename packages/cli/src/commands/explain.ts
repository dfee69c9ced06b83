import type { AadstsExplanation } from 'x5t/aadsts'
import { findAadstsCodes } from '../aadsts-codes.ts'
import { UsageError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { type LocalFacts, localFacts } from '../local-facts.ts'
import { textOrJson } from '../output-option.ts'
import { plainLines } from '../plain.ts'
import { assertPiped, readInput } from '../text-input.ts'

export const explain = defineCommand({
  summary: 'Say what an AADSTS number means, its usual causes and what to do; offline',
  details:
    'Takes a number, an error message, or a log from standard input, and finds the numbers in it. Ids and times are not\n' +
    'mistaken for numbers. Where something is configured, its app, tenant and thumbprints are named.',
  examples: [
    'x5t explain AADSTS700027',
    'x5t explain "AADSTS90002: Tenant \'contoso\' not found. …"',
    'journalctl -u billing | x5t explain -',
  ],
  options: { output: textOrJson },
  positionals: {
    text: { description: 'number or message; - for standard input', optional: true, rest: true },
  },
  async run({ output, text }, { io, terminal }) {
    if (text === undefined)
      assertPiped(io, 'no text', 'name it, or pipe it in: journalctl -u billing | x5t explain')
    const content = text === undefined || text === '-' ? await readInput(io) : text
    const { aadstsUrl, explainAadsts } = await import('x5t/aadsts')
    const codes = findAadstsCodes(content, (code) => explainAadsts(code) !== undefined)
    if (codes.length === 0) {
      throw new UsageError(
        ['there is no AADSTS number in the text'],
        ['an answer of Entra has it as AADSTS700027 or in error_codes', 'or find the cause: x5t doctor'],
      )
    }
    const here = await localFacts(io)
    const found = codes.map((code) => ({
      code,
      url: aadstsUrl(code),
      known: explainAadsts(code, here.facts),
    }))
    if (output === 'json') {
      const described = found.map(({ code, url, known }) => ({
        code,
        url,
        known: known !== undefined,
        ...known,
      }))
      terminal.out(
        JSON.stringify({ schemaVersion: 1, codes: described, here: { ...here.facts, page: here.page } }),
      )
    } else {
      const paragraphs = found.map(({ code, url, known }) => paragraph(code, url, known))
      terminal.out(plainLines([...paragraphs, ...placeOf(here)].join('\n\n')))
    }
    if (here.remark !== undefined) terminal.note(here.remark)
    terminal.note('next: x5t doctor finds out which of the causes it is')
    return 0
  },
})

function paragraph(code: number, url: string, known: AadstsExplanation | undefined): string {
  if (known === undefined) {
    return `AADSTS${code}  not in this catalogue\n  Microsoft's page may know it: ${url}`
  }
  const { summary, causes, hint, source, transient } = known
  return [
    `AADSTS${code}  ${summary}`,
    ...(transient ? ['  the same request may succeed later'] : []),
    '  usual causes',
    ...causes.map((cause) => `    - ${cause}`),
    '  what to do',
    `    ${hint}`,
    `  ${origins[source]}; ${url}`,
  ].join('\n')
}

/** Says how sure the words are. */
const origins: Record<AadstsExplanation['source'], string> = {
  reference: "from Microsoft's reference of error codes",
  observed: 'from answers of the service that were published',
  guess: 'a guess: no reliable source says what it means',
}

/** Who asks from here, so that the words can be held against the portal. */
function placeOf({ facts, page }: LocalFacts): string[] {
  const { clientId, tenant, thumbprintSha1Hex, thumbprintSha256 } = facts
  const rows = [
    clientId && `  app         ${clientId}`,
    tenant && `  tenant      ${tenant}`,
    thumbprintSha1Hex && `  thumbprint  ${thumbprintSha1Hex} (as the portal shows it)`,
    thumbprintSha256 && `              ${thumbprintSha256} (x5t#S256)`,
    page && `  portal      ${page}`,
  ].filter((row) => row !== undefined)
  return rows.length === 0 ? [] : [['configured here', ...rows].join('\n')]
}
