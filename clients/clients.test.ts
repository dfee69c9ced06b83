import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:https'
import { json, text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { type Case, cases, type Request, type Setting } from './cases.ts'
import { type Client, clients, isInstalled } from './clients.ts'
import { createStage, type Stage } from './stage.ts'
import { createTable } from './table.ts'

let stage: Stage
let apiId: string
before(async () => {
  stage = await createStage()
  for (const entra of [stage.entra, stage.late])
    apiId = entra.addApp({ name: 'cars', appId: apiId, accessTokenVersion: 2, appRoles: ['Cars.Read'] }).appId
})
after(async () => {
  process.stdout.write(`${table.text()}\n`)
  await stage.remove()
})

const table = createTable(cases.map(({ name }) => name))

/** What a driver prints for a case. */
interface Line {
  readonly name: string
  readonly token?: string
  readonly refused?: string
}

const only = process.env.X5T_CLIENT
for (const client of clients.filter(({ name }) => only === undefined || name.includes(only))) {
  const skip = isInstalled(client) ? false : `apt-get install ${client.debian?.[0]}`
  test(client.name, { skip, timeout: 120_000 }, async (t) => {
    const setting = settingOf(client)
    const asked = cases.filter(({ of = () => true }) => of(client))
    const lines = await run(
      client,
      asked.map((one) => [one.name, requestOf(one, client, setting)] as const),
    )
    for (const one of asked) {
      await t.test(one.name, async () => {
        const line = lines.find(({ name }) => name === one.name)
        assert.ok(line, `${client.name} said nothing`)
        await assertAnswer(line, one, client, requestOf(one, client, setting))
        table.note(client.name, one.name)
      })
    }
  })
}

test('nothing was asked of the world', () => {
  assert.deepEqual(stage.proxy.refused, [])
})

function settingOf({ name }: Client): Setting {
  const { entra, late, good, expired } = stage
  const certificates = [good.certificate, expired.certificate]
  const { appId } = entra.addApp({ name, certificates })
  late.addApp({ name, appId, certificates })
  const { appId: bareId } = entra.addApp({ name: `${name}, bare` })
  const { appId: lateId } = entra.addApp({ name: `${name}, late`, certificates })
  entra.weather.arm({ kind: 'propagation', seconds: 3600, count: 1, appId: lateId })
  return { stage, appId, bareId, lateId }
}

function requestOf({ change }: Case, { onlyMapped }: Client, setting: Setting): Request {
  const { entra, good } = stage
  const usual = { url: entra.url, tenantId: entra.tenantId, clientId: setting.appId, keyPair: good }
  const request = { ...usual, resource: `api://${apiId}`, mapped: false, ...change(setting) }
  if (!onlyMapped) return request
  const host = request.url === stage.late.url ? 'login.windows.net' : 'login.microsoftonline.com'
  return { ...request, mapped: true, url: `https://${host}` }
}

async function run(client: Client, requests: readonly (readonly [string, Request])[]): Promise<Line[]> {
  const written = requests.map(([name, { keyPair, ...request }]) => ({
    name,
    ...request,
    pemPath: keyPair.path,
    sha1Hex: keyPair.sha1Hex,
    sha256Hex: keyPair.sha256Hex,
    scope: `${request.resource}/.default`,
    sha256Known: client.sha256Known,
  }))
  if (client.raw) {
    const lines = []
    for (const one of written) lines.push({ name: one.name, ...rawAnswer(await start(client, {}, one)) })
    return lines
  }
  const output = await start(client, { cases: written })
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

function rawAnswer(answer: string): Omit<Line, 'name'> {
  const { access_token } = JSON.parse(answer)
  return access_token === undefined ? { refused: answer } : { token: access_token }
}

/** A process that knows the emulator's authority, and no way to the world but by our proxy. */
async function start(
  { command: [program = '', ...args] }: Client,
  job: object,
  variables: object = {},
): Promise<string> {
  const { caPath: ca, proxy, folder, entra } = stage
  // Node clients are mapped by a preload, all others by a proxy: not every library for Node speaks to one.
  const way =
    program === process.execPath
      ? { X5T_HOSTS: `login.microsoftonline.com=${entra.port}` }
      : { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' }
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GOPATH: '/usr/share/gocode',
    GOCACHE: `${folder}/go`,
    GO111MODULE: 'off',
    PYTHONDONTWRITEBYTECODE: '1',
    NODE_NO_WARNINGS: '1',
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: ca,
    SSL_CERT_FILE: ca,
    CA_FILE: ca,
    ...way,
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`CASE_${name}`, String(value)])),
  }
  const child = spawn(program, args, { cwd: import.meta.dirname, env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(JSON.stringify(job))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (stdout === '') throw new Error(`${program} ${args.join(' ')} printed nothing: ${stderr.slice(-2000)}`)
  return stdout
}

async function assertAnswer(line: Line, one: Case, client: Client, request: Request): Promise<void> {
  const { token, refused = '' } = line
  if (one.aadsts !== undefined) {
    assert.equal(token, undefined)
    const hidden = client.hides?.[one.aadsts]
    if (hidden?.test(refused)) return
    assert.match(refused, new RegExp(`AADSTS${one.aadsts}\\b`))
    assert.match(refused, one.says ?? /./)
    return
  }
  assert.equal(refused, '')
  const { entra } = stage
  const keys = await keySet()
  const { payload } = await jwtVerify(token ?? '', createLocalJWKSet(keys), { audience: apiId })
  assert.deepEqual([payload.azp, payload.azpacr, payload.tid], [request.clientId, '2', entra.tenantId])
  assert.equal(decodeJwt(token ?? '').iss, `${request.url}/${entra.tenantId}/v2.0`)
}

async function keySet(): Promise<JSONWebKeySet> {
  const { url, tenantId, caPem: ca } = stage.entra
  const [response] = await once(
    get(`${url}/${tenantId}/discovery/v2.0/keys`, { ca, agent: false }),
    'response',
  )
  return (await json(response)) as JSONWebKeySet // as: jose looks at it itself
}
