import { describeMembers, kindOf } from '../claim-meanings.ts'
import { defineCommand } from '../command.ts'
import { extraCa } from '../environment.ts'
import { textOrJson } from '../output-option.ts'
import { readToken } from '../token-input.ts'
import { isLoopbackHttp } from '../token-url.ts'

const checks = [
  'one JWT in its strict form, RS256, no critical headers',
  'signature by a key the tenant publishes',
  'issuer of this tenant, exactly',
  'audience',
  'expiry and not-before, five minutes of tolerance',
  'an app, not a user',
] as const

export const verify = defineCommand({
  summary: 'Check an access token as a careful API would: keys, issuer, audience, time, role',
  details:
    'Exit code 6 when the token is not valid. Tokens for Microsoft Graph cannot be verified by anyone but Graph.',
  examples: [
    'x5t verify --tenant contoso.onmicrosoft.com --audience api://cars --role Cars.Read token.txt',
    'x5t token --scope api://cars/.default | x5t verify --tenant … --audience … --any-client',
  ],
  options: {
    tenant: {
      type: 'string',
      value: 'TENANT',
      required: true,
      description: 'GUID or domain of the directory',
    },
    audience: {
      type: 'string',
      value: 'NAME',
      required: true,
      multiple: true,
      description: 'app id or URI of the API',
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
    authority: {
      type: 'string',
      value: 'URL',
      description: 'origin of the service; default https://login.microsoftonline.com',
    },
    output: textOrJson,
  },
  positionals: { file: { description: 'file with the token, or - for standard input', optional: true } },
  check: ({ role, client, 'any-client': any }) =>
    role.length + client.length === 0 && !any ? ['say who may call: --role, --client, or --any-client'] : [],
  async run({ tenant, audience, role, client, authority, output, file, ...values }, { io, terminal }) {
    const { createVerifier } = await import('x5t/verify')
    const requireCertificate = values['require-certificate']
    const verifier = createVerifier({
      tenant,
      audience,
      roles: role,
      clients: client.length === 0 ? 'any' : client,
      requireCertificate,
      authority,
      allowHttpAuthority: isLoopbackHttp(authority),
      ca: extraCa(io),
      now: io.now,
    })
    const { header, claims } = await verifier.verify(await readToken(file, io))
    const made = [
      ...checks,
      ...(role.length > 0 ? [`role: one of ${role.join(', ')}`] : []),
      ...(client.length > 0 ? [`client: one of ${client.join(', ')}`] : []),
      ...(requireCertificate ? ['the client proved itself with a certificate'] : []),
    ]
    if (output === 'json') {
      terminal.out(
        JSON.stringify({ schemaVersion: 1, valid: true, kind: kindOf(claims), checks: made, header, claims }),
      )
      return 0
    }
    terminal.out(
      [
        `valid: ${kindOf(claims)}`,
        '',
        ...made.map((check) => `  ok  ${check}`),
        '',
        ...describeMembers(claims, io.now()),
      ].join('\n'),
    )
    terminal.note('not checked: whether the token was revoked since')
    return 0
  },
})
