import { describeMembers, kindOf } from '../claim-meanings.ts'
import { defineCommand } from '../command.ts'
import { textOrJson } from '../output-option.ts'
import { readToken } from '../token-input.ts'

export const decode = defineCommand({
  summary: 'Look inside a token, an assertion or a proof; nothing is checked',
  examples: ['x5t token | x5t decode', 'x5t decode token.txt', 'x5t decode --output json -'],
  options: {
    output: textOrJson,
  },
  positionals: { file: { description: 'file with the token, or - for standard input', optional: true } },
  async run({ output, file }, { io, terminal }) {
    const { decodeToken } = await import('x5t/verify')
    const { header, claims } = decodeToken(await readToken(file, io))
    if (output === 'json') {
      terminal.out(JSON.stringify({ kind: kindOf(claims), header, claims, verified: false }))
    } else {
      const now = io.now()
      terminal.out(
        [
          `looks like ${kindOf(claims)}`,
          '',
          'header',
          ...describeMembers(header, now),
          '',
          'claims',
          ...describeMembers(claims, now),
        ].join('\n'),
      )
    }
    terminal.note('nothing was checked: no signature, no time, no issuer; x5t verify does that')
    return 0
  },
})
