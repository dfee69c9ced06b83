import { HintedError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { clientOptions } from '../config/client-options.ts'
import { settingDefaults } from '../config/definitions.ts'
import { identityOf } from '../config/identity.ts'
import { type OpenedCredential, openCredential } from '../config/open-credential.ts'
import { profileOption } from '../config/profile-option.ts'
import { resolveSettings, type Settings, scopeOption } from '../config/resolve-settings.ts'
import { parseDuration } from '../duration.ts'
import { explainOption } from '../explain-option.ts'
import type { MintedToken } from '../mint-token.ts'
import { checkPassphrase } from '../passphrase.ts'
import { openRememberedTokens, rememberOptions, renewalMs } from '../remembered-tokens.ts'
import { tokenOutput } from '../token-output.ts'
import { isLoopback } from '../token-url.ts'

export const token = defineCommand({
  summary: 'Print an access token for a resource',
  details:
    'Who asks is configured (x5t init, x5t config show), in the environment, in a nodeconfig.json, or said by options.\n' +
    'What for is --scope, or the configured scope, or Microsoft Graph. A token is remembered on the disk until it is due,\n' +
    'sealed with the private key.',
  examples: [
    'x5t token',
    'x5t token --scope https://vault.azure.net/.default',
    'x5t token --output header | curl -H @- https://graph.microsoft.com/v1.0/organization',
    'x5t token --tenant contoso.onmicrosoft.com --client-id 6731de76-… --cert app.pem --wait 5m',
  ],
  options: {
    scope: scopeOption,
    resource: { type: 'string', value: 'RESOURCE', description: 'the same by the v1 endpoint' },
    output: {
      type: 'string',
      value: 'FORM',
      choices: ['raw', 'json', 'header', 'env', 'exec-credential', 'azure-cli'],
      default: 'raw',
      description: 'the token alone, with its dates, for curl -H @-, a shell, kubectl, or as az prints it',
    },
    wait: {
      type: 'string',
      value: 'TIME',
      description: 'how long to wait for Entra to accept a new certificate: 5m, 90s',
    },
    explain: explainOption,
    ...rememberOptions,
    ...clientOptions,
  },
  check: ({ scope, resource, wait, ...values }) => [
    ...(scope !== undefined && resource !== undefined ? ['--scope and --resource exclude each other'] : []),
    ...(wait !== undefined && parseDuration(wait) === undefined
      ? ['--wait takes a time of a day at most: 90s, 5m, 1h']
      : []),
    ...checkPassphrase(values),
  ],
  async run({ scope, resource, output, wait, explain, ...values }, context) {
    const { io, terminal } = context
    const settings = resolveSettings({ ...values, scope }, io)
    const identity = identityOf(settings)
    const target =
      resource === undefined ? { scope: settings.values.scope?.value ?? settingDefaults.scope } : { resource }
    const remembered = await openRememberedTokens(values, context)
    try {
      const credential = await openCredential(settings, values, context)
      const kept = await remembered.peek({ ...identity, credential }, target)
      const fresh = kept !== undefined && io.now() < kept.refreshAt ? kept : undefined
      if (fresh !== undefined && explain)
        terminal.note('nothing was asked: the token is kept on the disk; see --no-cache')
      const limitMs = parseDuration(wait ?? '') ?? 0
      const timeoutMs = kept && renewalMs
      const { token, source } = fresh
        ? ({ token: fresh, source: 'disk' } as const)
        : await mint(
            settings,
            { credential, target, limitMs, explain, timeoutMs },
            remembered,
            context,
          ).catch((error: unknown) => {
            if (kept === undefined || io.now() >= kept.expiresAt) throw error
            terminal.note(`no new token: ${reasonOf(error)}`)
            return { token: kept, source: 'disk' } as const
          })
      terminal.out(tokenOutput(output, { token, ...identity, target, source }, io.env))
      terminal.note(`expires ${new Date(token.expiresAt).toISOString()}`)
      if (resource === undefined && isConfigured(settings, credential))
        terminal.note(`next: ${next(profileOption(values), target.scope ?? '', identity.authority)}`)
    } finally {
      await remembered.stop()
    }
    return 0
  },
})

/** Loaded when it is needed: what asks the service is most of this program. */
async function mint(
  ...parameters: Parameters<typeof import('../mint-token.ts').mintToken>
): Promise<MintedToken> {
  return (await import('../mint-token.ts')).mintToken(...parameters)
}

function reasonOf(error: unknown): string {
  const said = error instanceof HintedError ? error.cause : error
  return said instanceof Error ? said.message : String(said)
}

/** A command without options, and in a pipe, where nobody can be asked, would get the same token. */
function isConfigured({ values }: Settings, { from }: OpenedCredential): boolean {
  const told = (place: string | undefined) => place === 'the terminal' || place?.startsWith('--')
  return (
    !Object.values(values).some((setting) => setting?.source === 'option') && !Object.values(from).some(told)
  )
}

/** A token for Graph can be judged by Graph alone. */
function next(named: string, target: string, authority: string | undefined): string {
  if (!target.startsWith('https://graph.')) return `x5t token${named} | x5t verify --any-client${named}`
  const isReal = authority !== undefined && !isLoopback(new URL(authority))
  return isReal
    ? `x5t call${named} ${new URL(target).origin}/v1.0/organization`
    : `x5t token${named} | x5t decode`
}
