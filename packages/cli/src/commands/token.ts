import { clientOptions, openClient } from '../client.ts'
import { defineCommand } from '../command.ts'
import { settingDefaults } from '../config/definitions.ts'
import { resolveSettings, scopeOption } from '../config/resolve-settings.ts'
import { checkPassphrase } from '../passphrase.ts'

export const token = defineCommand({
  summary: 'Print an access token for a resource',
  details:
    'Who asks is configured (x5t init, x5t config show), in the environment, in a nodeconfig.json, or said by options.\n' +
    'What for is --scope, or the configured scope, or Microsoft Graph.',
  examples: [
    'x5t token',
    'x5t token --scope https://vault.azure.net/.default',
    'x5t token --tenant contoso.onmicrosoft.com --client-id 6731de76-… --cert app.pem --output header | curl -H @- …',
  ],
  options: {
    scope: scopeOption,
    resource: { type: 'string', value: 'RESOURCE', description: 'the same by the v1 endpoint' },
    output: {
      type: 'string',
      value: 'FORM',
      choices: ['raw', 'json', 'header'],
      default: 'raw',
      description: 'the token alone, with its dates, or as an Authorization line',
    },
    ...clientOptions,
  },
  check: ({ scope, resource, ...values }) => [
    ...(scope !== undefined && resource !== undefined ? ['--scope and --resource exclude each other'] : []),
    ...checkPassphrase(values),
  ],
  async run({ scope, resource, output, ...values }, context) {
    const { terminal } = context
    const settings = resolveSettings({ ...values, scope }, context.io)
    const { client, tenant, clientId } = await openClient(settings, values, context)
    const wanted = settings.values.scope?.value ?? settingDefaults.scope
    const target = resource === undefined ? { scope: wanted } : { resource }
    const { accessToken, tokenType, expiresAt, refreshAt } = await client.getToken(target)
    if (output === 'json') {
      const expiresOn = Math.floor(expiresAt / 1_000)
      const dates = {
        expiresAt: new Date(expiresAt).toISOString(),
        expiresOn,
        refreshAt: new Date(refreshAt).toISOString(),
      }
      const facts = { tenantId: tenant, clientId, ...target, source: 'minted' }
      terminal.out(JSON.stringify({ accessToken, tokenType, ...dates, ...facts }))
    } else {
      terminal.out(output === 'header' ? `Authorization: Bearer ${accessToken}` : accessToken)
    }
    terminal.note(`expires ${new Date(expiresAt).toISOString()}`)
    return 0
  },
})
