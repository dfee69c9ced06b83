import { defineCommand } from '../command.ts'
import { datesOf, describeMembers } from '../jwt/describe-members.ts'
import { kindOf } from '../jwt/kinds.ts'
import { readToken } from '../jwt/token-input.ts'
import { textOrJson } from '../output-option.ts'

export const decode = defineCommand({
  summary: 'Look inside a token, an assertion or a proof; nothing is checked',
  details: 'The signature is not shown: what is printed here can be shared, and opens nothing.',
  examples: ['x5t token | x5t decode', 'x5t decode token.txt', 'x5t decode --output json -'],
  options: {
    output: textOrJson,
  },
  positionals: { file: { description: 'file with the token, or - for standard input', optional: true } },
  async run({ output, file }, { io, terminal }) {
    const { decodeToken } = await import('x5t/verify')
    const token = await readToken(file, io)
    const { header, claims } = decodeToken(token)
    const { id, title, purpose, meanings } = kindOf(header, claims)
    if (output === 'json') {
      const dates = datesOf(claims)
      terminal.out(JSON.stringify({ schemaVersion: 1, kind: id, verified: false, header, claims, dates }))
    } else {
      const rows = (members: typeof header) => describeMembers(members, meanings, io.now())
      const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
      terminal.out(
        [
          `looks like ${title}`,
          ...(purpose === undefined ? [] : [`  ${purpose}`]),
          ...['', 'header', ...rows(header)],
          ...['', 'claims', ...rows(claims)],
          ...['', 'signature', `  ${signature.length} bytes, not shown, not checked`],
        ].join('\n'),
      )
    }
    terminal.note('nothing was checked: no signature, no time, no issuer; x5t verify does that')
    return 0
  },
})
