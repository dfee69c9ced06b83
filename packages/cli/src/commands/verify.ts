import type { CheckName, DecodedToken } from 'x5t/verify'
import { HintedError, UsageError } from '../cli-error.ts'
import { readCa } from '../client.ts'
import { defineCommand } from '../command.ts'
import { assertComplete } from '../config/complete.ts'
import { profileOption } from '../config/profile-option.ts'
import { resolveSettings, type Settings, settingsOptions } from '../config/resolve-settings.ts'
import { hintForEmulator } from '../hint-for-emulator.ts'
import { passedBefore, questions } from '../jwt/checks.ts'
import { datesOf, describeMembers } from '../jwt/describe-members.ts'
import { kindOf } from '../jwt/kinds.ts'
import { valueMeanings } from '../jwt/meanings.ts'
import { readToken } from '../jwt/token-input.ts'
import { textOrJson } from '../output-option.ts'
import { shellWord } from '../shell-word.ts'
import { isLoopback, isLoopbackHttp } from '../token-url.ts'

export const verify = defineCommand({
  summary: 'Check an access token as a careful API would: keys, issuer, audience, time, role',
  details:
    'Exit code 6 when the token is not valid. Tokens for Microsoft Graph cannot be verified by anyone but Graph.',
  examples: [
    'x5t verify --tenant contoso.onmicrosoft.com --audience api://cars --role Cars.Read token.txt',
    'x5t token --scope api://cars/.default | x5t verify --tenant … --audience … --any-client',
  ],
  options: {
    profile: settingsOptions.profile,
    tenant: settingsOptions.tenant,
    audience: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      description: 'app id or URI of the API; default: that of the configured scope',
    },
    role: {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      description: 'one of these app roles must be granted',
    },
    client: { type: 'string', value: 'ID', multiple: true, description: 'only these clients' },
    'any-client': { type: 'boolean', description: 'every app of the tenant' },
    'require-certificate': {
      type: 'boolean',
      description: 'only clients that proved themselves with a certificate',
    },
    authority: settingsOptions.authority,
    ca: settingsOptions.ca,
    output: textOrJson,
  },
  positionals: { file: { description: 'file with the token, or - for standard input', optional: true } },
  check: ({ role, client, 'any-client': any }) => [
    ...(role.length + client.length === 0 && !any
      ? ['say who may call: --role, --client, or --any-client']
      : []),
    ...(client.length > 0 && any ? ['--client and --any-client exclude each other'] : []),
  ],
  async run({ audience, role, client, output, file, ...values }, { io, terminal }) {
    const settings = resolveSettings(values, io)
    assertComplete(settings, ['tenant'])
    const { tenant: { value: tenant } = { value: '' }, authority: { value: authority } = {} } =
      settings.values
    const token = await readToken(file, io)
    const { checkNames, createVerifier, decodeToken } = await import('x5t/verify')
    const verifier = createVerifier({
      tenant,
      audience: audience.length === 0 ? audiencesOf(settings) : audience,
      roles: role.length === 0 ? undefined : role,
      clients: client.length === 0 ? 'any' : client,
      requireCertificate: values['require-certificate'],
      authority,
      allowHttpAuthority: isLoopbackHttp(authority),
      ca: readCa(settings),
      now: io.now,
    })
    const { header, claims, checks } = await verifier.verify(token).catch((error: unknown) => {
      const passed = passedBefore(String(Object(error).code), checkNames)
      if (passed === undefined) throw hintForEmulator(error, settings, io)
      const decoded = decodeToken(token)
      const again = `x5t token --no-cache${profileOption(values)}`
      throw new HintedError(error, [
        ...hintsFor(decoded, passed),
        ...hintOnAge(error, authority, again),
        ...hintOnGrant(error, decoded, settings, audience.length === 0, again),
      ])
    })
    const { id, title, meanings } = kindOf(header, claims)
    const notChecked = checkNames.filter((name) => !checks.includes(name))
    if (output === 'json') {
      const facts = { kind: id, checks, notChecked, header, claims, dates: datesOf(claims) }
      terminal.out(JSON.stringify({ schemaVersion: 1, valid: true, ...facts }))
    } else {
      const row = (word: string) => (name: CheckName) => `  ${word}  ${name.padEnd(11)}  ${questions[name]}`
      terminal.out(
        [
          `valid: ${title}`,
          ...['', ...checks.map(row('ok')), ...notChecked.map(row('--'))],
          ...['', ...describeMembers(claims, meanings, io.now())],
        ].join('\n'),
      )
    }
    const open = notChecked.length === 0 ? '' : `${notChecked.join(', ')} (not asked for); `
    terminal.note(`not checked: ${open}whether the token was revoked since`)
    return 0
  },
})

/** How far a refused token came; and what it is, where that says more than the check that it failed. */
function hintsFor({ header, claims }: DecodedToken, passed: readonly CheckName[]): string[] {
  const { id, title } = kindOf(header, claims)
  const isOther = !id.endsWith('access-token') && id !== 'unknown'
  const isForGraph = valueMeanings.aud?.[String(claims.aud)] === 'Microsoft Graph'
  // Those of an emulator are signed as every other.
  return [
    ...(isForGraph && !passed.includes('signature')
      ? ['it is for Microsoft Graph, which alone can verify its tokens; x5t decode shows it']
      : []),
    ...(isOther ? [`it looks like ${title}, which opens no API; x5t decode shows it`] : []),
    `checked before, and good: ${passed.join(', ')}`,
  ]
}

/** An emulator has new keys after each start, unless it keeps its data; the tokens of the one before are remembered. */
function hintOnAge(error: unknown, authority: string | undefined, again: string): string[] {
  const isEmulator = authority !== undefined && isLoopback(new URL(authority))
  if (!isEmulator || String(Object(error).code) !== 'ERR_TOKEN_KEY_UNKNOWN') return []
  return [`a remembered token may be older than this emulator: ${again}`]
}

/** Roles are those of the moment in which a token was made. A new one can be got here where it is the configured app's. */
function hintOnGrant(
  error: unknown,
  { claims }: DecodedToken,
  { values }: Settings,
  isConfigured: boolean,
  again: string,
): string[] {
  if (String(Object(error).code) !== 'ERR_TOKEN_ROLE') return []
  const { roles, aud, azp, appid = azp } = claims
  const granted = Array.isArray(roles) && roles.length > 0 ? `role ${roles.join(', ')}` : 'no role'
  const target = isConfigured ? '' : ` --scope ${shellWord(`${aud}/.default`)}`
  // Options of this command would have to be said again.
  const isOwn =
    appid !== undefined &&
    appid === values.clientId?.value &&
    !Object.values(values).some((setting) => setting?.source === 'option')
  const next = isOwn ? `: ${again}${target}` : ''
  return [`it has ${granted}; what was granted after it was made is in the next one${next}`]
}

/** Entra: a v2 token names its API by app id, also where the scope says `api://{app id}`. */
function audiencesOf({ values: { scope } }: Settings): string[] {
  if (scope === undefined || scope.source === 'default') {
    throw new UsageError(
      ['for which API? --audience is missing'],
      ['or configure its scope: x5t config set scope …'],
    )
  }
  const resource = scope.value.replace(/\/\.default$/, '')
  return [resource, resource.replace(/^api:\/\//, '')]
}
