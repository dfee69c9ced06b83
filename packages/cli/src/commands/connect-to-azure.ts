import { inspect } from 'node:util'
import { openClient } from '../client.ts'
import { defineCommand } from '../command.ts'
import { noOptions } from '../config/open-credential.ts'
import { resolveNodeConfig } from '../config/resolve-settings.ts'
import { hintForEmulator } from '../hint-for-emulator.ts'
import { readNodeConfig } from '../node-config.ts'
import { parseTokenUrl } from '../token-url.ts'

export const connectToAzure = defineCommand({
  summary: 'Ask for a token as nodeconfig.json says and print the answer of the service',
  details:
    'The passphrase of the key comes from PASSPHRASE, in .env or in the environment. The answer contains a token.',
  examples: ['npm run connectToAzure', 'x5t connectToAzure'],
  options: {},
  async run(_, context) {
    const { io, terminal } = context
    const { resource, tokenEndpoint } = readNodeConfig(io)
    const tokenUrl = parseTokenUrl(tokenEndpoint, 'tokenEndpoint in nodeconfig.json')
    const settings = resolveNodeConfig(io)
    const { client } = await openClient(settings, noOptions, context)
    const target = tokenUrl.selects === 'resource' ? { resource } : { scope: `${resource}/.default` }
    const answer = await client.getTokenResponse(target).catch((error: unknown) => {
      throw hintForEmulator(error, settings, io)
    })
    // As console.log shows it, and never shortened.
    terminal.out(`AAD Response: ${inspect(answer, { maxStringLength: null })}`)
    terminal.note('next: x5t token, x5t decode and x5t verify work with the same nodeconfig.json')
    return 0
  },
})
