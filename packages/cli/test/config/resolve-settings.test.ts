import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { folderOf } from '../../src/config/folders.ts'
import { resolveSettings, type SettingsValues } from '../../src/config/resolve-settings.ts'
import type { Io } from '../../src/io.ts'
import { createStage } from '../support/stage.ts'

const stage = createStage()
afterEach(() => stage.empty())
after(() => stage.remove())

const tenantUrl = 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/token'
const appId = '6731de76-14a6-49ae-97bc-6eba6914391e'

function resolve(env: Record<string, string> = {}, values: SettingsValues = {}) {
  const { profile, values: found } = resolveSettings(values, stage.io({ env: { ...stage.env, ...env } }))
  const shown = Object.entries(found).map(([name, { value, from }]) => [name, `${value} <- ${from}`])
  return { profile: `${profile.value} <- ${profile.from}`, ...Object.fromEntries(shown) }
}
const at = (name: string) => join(stage.folder, name)
const project = (content: object) => stage.write('x5t.json', JSON.stringify(content))
const user = (content: object) => stage.writeUserConfig(JSON.stringify(content))

test('with nothing said there are the defaults, and they say that they are', () => {
  assert.deepEqual(resolve(), {
    profile: 'default <- default',
    authority: 'https://login.microsoftonline.com <- default',
    scope: 'https://graph.microsoft.com/.default <- default',
  })
})

test('options go before variables, variables before files, the project’s file before the user’s', () => {
  user({
    profiles: {
      default: { tenant: 'user', clientId: 'user', scope: 'user', authority: 'user', certificate: 'c' },
    },
  })
  project({ profiles: { default: { tenant: 'project', clientId: 'project', scope: 'project' } } })
  stage.write('.env', 'X5T_TENANT=dotenv\nX5T_CLIENT_ID=dotenv')
  const found = resolve({ X5T_TENANT: 'environment' }, { tenant: 'option' })
  assert.equal(found.tenant, 'option <- --tenant')
  assert.equal(resolve({ X5T_TENANT: 'environment' }).tenant, 'environment <- X5T_TENANT')
  assert.equal(found.clientId, 'dotenv <- X5T_CLIENT_ID in .env')
  assert.equal(found.scope, `project <- scope of profile default in ${at('x5t.json')}`)
  assert.equal(found.authority, `https://user <- authority of profile default in ${stage.userConfig}`)
  assert.equal(
    found.certificate,
    `${join(stage.userConfig, '..', 'c')} <- certificate of profile default in ${stage.userConfig}`,
  )
})

test('X5T_CONFIG stands in place of both files', () => {
  user({ profiles: { default: { tenant: 'user', clientId: 'user' } } })
  project({ profiles: { default: { tenant: 'project' } } })
  stage.write('other.json', JSON.stringify({ profiles: { default: { tenant: 'other', key: 'keys/a.key' } } }))
  const found = resolve({ X5T_CONFIG: 'other.json' })
  assert.equal(found.tenant, `other <- tenant of profile default in ${at('other.json')}`)
  assert.equal(found.key, `${at('keys/a.key')} <- key of profile default in ${at('other.json')}`)
  assert.equal(found.clientId, undefined)
  assert.throws(() => resolve({ X5T_CONFIG: 'gone.json' }), { code: 'ERR_CONFIG_MISSING' })
})

test('the variables of the Azure SDKs are understood, a bare host and a slash at its end too', () => {
  const found = resolve({
    AZURE_TENANT_ID: 'contoso.onmicrosoft.com',
    AZURE_CLIENT_ID: appId,
    AZURE_CLIENT_CERTIFICATE_PATH: 'app.pfx',
    AZURE_AUTHORITY_HOST: 'login.microsoftonline.us/',
    X5T_CLIENT_ID: 'ours',
  })
  assert.equal(found.tenant, 'contoso.onmicrosoft.com <- AZURE_TENANT_ID')
  assert.equal(found.clientId, 'ours <- X5T_CLIENT_ID')
  assert.equal(found.certificate, `${at('app.pfx')} <- AZURE_CLIENT_CERTIFICATE_PATH`)
  assert.equal(found.authority, 'https://login.microsoftonline.us <- AZURE_AUTHORITY_HOST')
})

test('the .env of the original workflow is understood, and counts only as a whole', () => {
  stage.write(
    '.env',
    `APP_ID=${appId}\nTENANT_URL=${tenantUrl}\nPRIVATE_KEY=private.pem\nPUBLIC_KEY=public.pem\nROOT_DIR=keys`,
  )
  assert.deepEqual(resolve({ RESOURCE: 'api://cars' }), {
    profile: 'default <- default',
    tenant: 'contoso.onmicrosoft.com <- TENANT_URL in .env',
    clientId: `${appId} <- APP_ID in .env`,
    certificate: `${at('keys/public.pem')} <- PUBLIC_KEY in .env`,
    key: `${at('keys/private.pem')} <- PRIVATE_KEY in .env`,
    authority: 'https://login.microsoftonline.com <- TENANT_URL in .env',
    scope: 'api://cars/.default <- RESOURCE',
  })
  stage.write('.env', 'PRIVATE_KEY=private.pem\nPUBLIC_KEY=public.pem')
  assert.equal(resolve().key, undefined)
})

test('nodeconfig.json stands between the project’s file and the user’s', () => {
  const config = { appId, tokenEndpoint: tenantUrl, privateKey: 'private.pem', publicKey: 'public.pem' }
  stage.write('nodeconfig.json', JSON.stringify(config))
  project({ profiles: { default: { tenant: 'project' } } })
  user({ profiles: { default: { clientId: 'user', ca: 'ca.pem' } } })
  const found = resolve()
  assert.match(found.tenant ?? '', /^project <- /)
  assert.equal(found.clientId, `${appId} <- ${at('nodeconfig.json')}`)
  assert.match(found.ca ?? '', /ca\.pem <- ca of profile default/)
})

test('a profile that --profile names goes before nodeconfig.json, whichever file holds it', () => {
  const config = { appId, tokenEndpoint: tenantUrl, resource: 'api://cars', privateKey: 'k', publicKey: 'c' }
  stage.write('nodeconfig.json', JSON.stringify(config))
  user({ profiles: { work: { tenant: 'user', certificate: 'user.crt', key: 'user.key' } } })
  const found = resolve({ X5T_AUTHORITY: 'login.example' }, { profile: 'work' })
  for (const name of ['tenant', 'certificate', 'key'])
    assert.match(found[name] ?? '', new RegExp(` <- ${name} of profile work in `))
  assert.equal(found.authority, 'https://login.example <- X5T_AUTHORITY')
  assert.equal(found.scope, `api://cars/.default <- ${at('nodeconfig.json')}`)
  assert.match(resolve({ X5T_PROFILE: 'work' }).certificate ?? '', / <- .*nodeconfig\.json$/)
})

test('files that Windows wrote are understood: UTF-16, byte order marks, carriage returns', () => {
  const nodeConfig = { appId, tokenEndpoint: tenantUrl, resource: appId, privateKey: 'k', publicKey: 'c' }
  const windows = (name: string, text: string, encoding: BufferEncoding) =>
    writeFileSync(at(name), Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, encoding))
  for (const encoding of ['utf8', 'utf16le'] as const) {
    windows('nodeconfig.json', JSON.stringify(nodeConfig, null, 2), encoding)
    windows('.env', 'X5T_SCOPE=dotenv\nX5T_CA=\n', encoding)
    windows('x5t.json', '{ "profiles": { "default": { "tenant": "project" } } }', encoding)
    const { clientId, scope, tenant } = resolve()
    assert.match(clientId, /nodeconfig\.json$/)
    assert.deepEqual(
      [scope, tenant],
      ['dotenv <- X5T_SCOPE in .env', `project <- tenant of profile default in ${at('x5t.json')}`],
    )
  }
})

test('a profile is chosen by option, variable or file; by option it goes before the environment', () => {
  user({ profile: 'work', profiles: { work: { tenant: 'work' }, home: { tenant: 'home' } } })
  assert.match(resolve().tenant ?? '', /^work <- /)
  assert.match(resolve({ X5T_PROFILE: 'home' }).tenant ?? '', /^home <- /)
  const env = { X5T_PROFILE: 'work', AZURE_TENANT_ID: 'azure' }
  assert.match(resolve(env).tenant ?? '', /^azure <- /)
  assert.match(resolve(env, { profile: 'home' }).tenant ?? '', /^home <- /)
  assert.throws(() => resolve({}, { profile: 'hom' }), {
    code: 'ERR_CONFIG_MISSING',
    hints: ['did you mean: home', 'x5t config list shows them; x5t init makes one'],
  })
})

test('another certificate does not get the key of the one before', () => {
  user({ profiles: { default: { certificate: 'a.crt', key: 'a.key' } } })
  assert.match(resolve().key ?? '', /a\.key/)
  assert.equal(resolve({}, { cert: 'b.pem' }).key, undefined)
  assert.match(resolve({}, { key: 'b.key' }).certificate ?? '', /a\.crt/)
})

const refused: [what: string, content: string, message: RegExp, hint: RegExp][] = [
  [
    'an unknown member',
    '{"profiles":{"default":{"tennant":"x"}}}',
    /unknown member "tennant" in profile default/,
    /did you mean: tenant/,
  ],
  ['a setting outside a profile', '{"tenant":"x"}', /unknown member "tenant"/, /belongs into a profile/],
  [
    'a passphrase',
    '{"profiles":{"default":{"passphrase":"geheim"}}}',
    /"passphrase" in profile default is refused: no secret/,
    /--passphrase-file/,
  ],
  ['a client secret', '{"clientSecret":"geheim"}', /"clientSecret" is refused: no secret/, /passphrase/],
  [
    'a switch that is unsafe',
    '{"profiles":{"default":{"allowHttpAuthority":"true"}}}',
    /what is unsafe is not set by a file/,
    /^$/,
  ],
  [
    'a key in place of its path',
    '{"profiles":{"default":{"key":"-----BEGIN PRIVATE KEY-----geheim"}}}',
    /key in profile default holds a key/,
    /^$/,
  ],
  [
    'a value that is no text',
    '{"profiles":{"default":{"tenant":1}}}',
    /tenant in profile default is no text/,
    /^$/,
  ],
  ['a profile with a path for a name', '{"profiles":{"../x":{}}}', /a profile is named by letters/, /^$/],
  ['half of its JSON', '{"profiles":', /x5t\.json is not JSON: it ends too early$/, /^mend it by hand/],
  ['nothing in it', '\n', /x5t\.json is empty$/, /^mend it by hand/],
  ['a list', '[]', /is no JSON object/, /^$/],
]
for (const [what, content, message, hint] of refused) {
  test(`a configuration file with ${what} is refused and its content is not shown`, () => {
    project({})
    stage.write('x5t.json', content)
    assert.throws(
      () => resolve(),
      (error: Error & { code?: string; hints?: string[] }) => {
        assert.equal(error.code, 'ERR_CONFIG_INVALID')
        assert.ok(error.message.startsWith(at('x5t.json')))
        assert.match(error.message, message)
        assert.match(error.hints?.join() ?? '', hint)
        assert.ok(!/geheim|BEGIN/.test(JSON.stringify({ ...error, text: error.message })))
        return true
      },
    )
  })
}

test('an authority that is no address is refused with its place', () => {
  for (const AZURE_AUTHORITY_HOST of ['a b', 'htps://localhost']) {
    assert.throws(() => resolve({ AZURE_AUTHORITY_HOST }), {
      code: 'ERR_CONFIG_INVALID',
      message: 'AZURE_AUTHORITY_HOST is no address',
    })
  }
})

test('a key in a variable for a path is refused and not shown', () => {
  assert.throws(
    () => resolve({ X5T_KEY_PATH: '-----BEGIN PRIVATE KEY-----\ngeheim' }),
    (error: Error) => {
      assert.match(error.message, /X5T_KEY_PATH holds a key/)
      return !error.message.includes('geheim')
    },
  )
})

test('folders are those of the system, XDG names others, and a home that is missing leaves the project', () => {
  const io = (platform: NodeJS.Platform, env = {}): Io =>
    stage.io({ platform, env, homeFolder: () => '/home/ada' })
  const kinds = ['config', 'data', 'cache', 'state'] as const
  const all = (io: Io) => kinds.map((kind) => folderOf(kind, io))
  assert.deepEqual(all(io('linux')), [
    '/home/ada/.config/x5t',
    '/home/ada/.local/share/x5t',
    '/home/ada/.cache/x5t',
    '/home/ada/.local/state/x5t',
  ])
  assert.deepEqual(all(io('darwin')), [
    '/home/ada/Library/Application Support/x5t',
    '/home/ada/Library/Application Support/x5t',
    '/home/ada/Library/Caches/x5t',
    '/home/ada/Library/Application Support/x5t/state',
  ])
  assert.equal(folderOf('config', io('linux', { XDG_CONFIG_HOME: '/etc/xdg' })), '/etc/xdg/x5t')
  assert.equal(folderOf('config', io('linux', { XDG_CONFIG_HOME: 'relative' })), '/home/ada/.config/x5t')
  assert.match(folderOf('cache', io('win32', { LOCALAPPDATA: 'C:\\Local' })), /^C:\\Local.x5t.cache$/)
  assert.match(folderOf('config', io('win32', { APPDATA: 'C:\\Roaming' })), /^C:\\Roaming.x5t$/)
  for (const folder of ['', 'relative']) {
    const windows = io('win32', { APPDATA: folder, LOCALAPPDATA: folder })
    assert.match(folderOf('config', windows), /^.home.ada.AppData.Roaming.x5t$/)
    assert.match(folderOf('data', windows), /^.home.ada.AppData.Local.x5t$/)
  }
  const homeless = stage.io({
    env: {},
    homeFolder: () => {
      throw new Error('no home')
    },
  })
  assert.deepEqual(
    resolveSettings({}, homeless).files.map(({ kind }) => kind),
    ['project'],
  )
})
