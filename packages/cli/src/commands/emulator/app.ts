import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand } from '../../command.ts'
import { newProfileProblems } from '../../config/change-config.ts'
import { profileOption } from '../../config/profile-option.ts'
import { callEmulator, listOf } from '../../emulator/connection.ts'
import { appIdOf, appOption, emulatorOptions, type Located, locateEmulator } from '../../emulator/locate.ts'
import { columns, print } from '../../emulator/print.ts'
import { livingEmulators } from '../../emulator/run-file.ts'
import type { Io } from '../../io.ts'
import { textOrJson } from '../../output-option.ts'
import { shellWord } from '../../shell-word.ts'

export const appAdd = defineCommand({
  summary: 'Register an app with a running emulator',
  examples: [
    'x5t emulator app add billing --cert billing.crt',
    'x5t emulator app add cars --role Cars.Read --token-version 2',
  ],
  options: {
    cert: { type: 'string', value: 'FILE', multiple: true, description: 'a certificate to register with it' },
    role: {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      description: 'an app role it declares, as an API',
    },
    'token-version': {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 2,
      description: 'of the tokens it takes, as an API; default: 1',
    },
    'app-id': { type: 'string', value: 'ID', description: 'its client id; default: a new one' },
    tenant: { type: 'string', value: 'ID', description: 'where; default: the first tenant' },
    ...emulatorOptions,
    output: textOrJson,
  },
  positionals: { name: { description: 'its display name' } },
  async run(values, { io, terminal }) {
    const {
      name,
      cert,
      role,
      'token-version': accessTokenVersion,
      'app-id': appId,
      tenant: tenantId,
      output,
    } = values
    const located = locateEmulator(values, io)
    const { loadCertificate } = await import('x5t')
    const certificates = await Promise.all(
      cert.map(async (file) => (await loadCertificate({ path: resolve(io.folder, file) })).pem),
    )
    const app = { name, certificates, appRoles: role, accessTokenVersion, appId, tenantId }
    const added = await callEmulator(located, 'POST', '/apps', ['appId'], app)
    print(terminal, output, added, [String(added.appId)])
    const command = certificates.length > 0 ? undefined : next(String(added.appId), values, located, io)
    if (command !== undefined) terminal.note(`next: ${command}`)
    return 0
  },
})

/** What the app lacks: who may call it, where it is an API; else a certificate. Undefined where no command gives it that. */
function next(
  appId: string,
  { name, role, url }: { name: string; role: readonly string[]; url: string | undefined },
  { origin, settings }: Located,
  io: Io,
): string | undefined {
  const [first] = role
  const there = url === undefined ? '' : ` --url ${url}`
  if (first !== undefined)
    return settings.values.clientId === undefined
      ? undefined
      : `x5t emulator role grant ${shellWord(first)} --resource ${appId}${there}`
  if (existsSync(join(io.folder, 'public.pem')))
    return `x5t emulator cert add public.pem --app ${appId}${there}`
  if (livingEmulators(io)[0]?.url !== origin || newProfileProblems(name).length > 0) return undefined
  return `x5t init --emulator --client-id ${appId} --profile ${name} --unencrypted-key --insecure`
}

export const appList = defineCommand({
  summary: 'List the apps of a running emulator',
  examples: ['x5t emulator app list', 'x5t emulator app list --json'],
  options: { ...emulatorOptions, output: textOrJson },
  async run({ output, ...values }, { io, terminal }) {
    const state = await callEmulator(locateEmulator(values, io), 'GET', '/state', ['tenants'])
    const rows = listOf(state, 'tenants').flatMap((tenant) =>
      listOf(tenant, 'apps').map((app) => [
        app.appId,
        tenant.id,
        listOf(app, 'certificates').length,
        app.name,
      ]),
    )
    print(terminal, output, state, columns([['APP ID', 'TENANT', 'CERTIFICATES', 'NAME'], ...rows]))
    return 0
  },
})

export const roleGrant = defineCommand({
  summary: 'Grant an app of a running emulator a role of an API',
  examples: ['x5t emulator role grant Cars.Read --resource c0ffee00-…'],
  options: {
    resource: { type: 'string', value: 'ID', required: true, description: 'app id of the API' },
    app: appOption,
    ...emulatorOptions,
  },
  positionals: { role: { description: 'value of the app role' } },
  async run({ app, role, resource: resourceAppId, ...values }, { io, terminal }) {
    const located = locateEmulator(values, io)
    const appId = appIdOf(app, located)
    const path = `/apps/${encodeURIComponent(appId)}/roles`
    await callEmulator(located, 'POST', path, ['role'], { resourceAppId, role })
    terminal.note(`granted ${role} of ${resourceAppId} to app ${appId}`)
    if (located.settings.values.clientId?.value === appId) {
      terminal.note('a token that is remembered is older than the grant')
      terminal.note(`next: x5t token --no-cache${profileOption(values)}`)
    }
    return 0
  },
})
