import { relative } from 'node:path'
import { inspect } from 'node:util'
import { HintedError } from '../cli-error.ts'
import { openClient } from '../client.ts'
import { defineCommand } from '../command.ts'
import { resolveNodeConfig } from '../config/resolve-settings.ts'
import { readNodeConfig } from '../node-config.ts'
import { noPassphraseOptions } from '../passphrase.ts'
import { parseTokenUrl } from '../token-url.ts'

export const connectToAzure = defineCommand({
  summary: 'Ask for a token as nodeconfig.json says and print the answer of the service',
  details:
    'The passphrase of the key comes from PASSPHRASE, in .env or in the environment. The answer contains a token.',
  examples: ['npm run connectToAzure', 'x5t connectToAzure'],
  options: {},
  async run(_, context) {
    const { io, terminal } = context
    const { resource, tokenEndpoint, publicKey } = readNodeConfig(io)
    const tokenUrl = parseTokenUrl(tokenEndpoint, 'tokenEndpoint in nodeconfig.json')
    const { client } = await openClient(
      resolveNodeConfig(io),
      { 'key-fd': undefined, ...noPassphraseOptions },
      context,
    )
    const target = tokenUrl.selects === 'resource' ? { resource } : { scope: `${resource}/.default` }
    const answer = await client.getTokenResponse(target).catch(async (error: unknown) => {
      const { TokenEndpointError } = await import('x5t')
      const keyUnknown = error instanceof TokenEndpointError && error.errorCodes.includes(700027)
      if (!tokenUrl.isLoopback || !keyUnknown) throw error
      throw new HintedError(error, [
        `for the emulator: npx x5t emulator cert add ${relative(io.folder, publicKey)}`,
      ])
    })
    // As console.log shows it, and never shortened.
    terminal.out(`AAD Response: ${inspect(answer, { maxStringLength: null })}`)
    terminal.note('next: x5t token, x5t decode and x5t verify work with the same nodeconfig.json')
    return 0
  },
})
