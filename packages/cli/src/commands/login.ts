import { defineCommand } from '../command.ts'

export const login = defineCommand({
  summary: 'Explain why there is no login',
  examples: ['x5t login'],
  options: {},
  async run(_, { terminal }) {
    terminal.out('no login is needed: the certificate proves who asks, each time a token is fetched')
    terminal.note('next: x5t token, or x5t init where there is no certificate yet')
    return 0
  },
})
