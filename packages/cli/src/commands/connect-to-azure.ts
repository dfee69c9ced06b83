import { relative } from 'node:path'
import { inspect } from 'node:util'
import { HintedError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { extraCa, readVariables } from '../environment.ts'
import { loadKeyPair } from '../key-pair.ts'
import { readNodeConfig } from '../node-config.ts'
import { parseTokenUrl } from '../token-url.ts'

export const connectToAzure = defineCommand({
  summary: 'Ask for a token as nodeconfig.json says and print the answer of the service',
  details:
    'The passphrase of the key comes from PASSPHRASE, in .env or in the environment. The answer contains a token.',
  examples: ['npm run connectToAzure', 'x5t connectToAzure'],
  options: {},
  async run(_, { io, terminal }) {
    const config = readNodeConfig(io)
    const { authority, tenant, selects, allowHttpAuthority, isLoopback } = parseTokenUrl(
      config.tokenEndpoint,
      'tokenEndpoint in nodeconfig.json',
    )
    const publicKey = relative(io.folder, config.publicKey)
    const credential = await loadKeyPair(config, readVariables(io).PASSPHRASE, io)
    const { createClient, TokenEndpointError } = await import('x5t')
    const client = createClient({
      tenant,
      authority,
      allowHttpAuthority,
      clientId: config.appId,
      credential,
      ca: extraCa(io),
    })
    const target =
      selects === 'resource' ? { resource: config.resource } : { scope: `${config.resource}/.default` }
    const answer = await client.getTokenResponse(target).catch((error: unknown) => {
      if (!isLoopback || !(error instanceof TokenEndpointError)) throw error
      throw new HintedError(error, [`for the emulator: npx x5t emulator cert add ${publicKey}`])
    })
    terminal.out(`AAD Response: ${inspect(answer)}`)
    terminal.note('next: x5t token, x5t decode and x5t verify work with the same nodeconfig.json')
    return 0
  },
})
