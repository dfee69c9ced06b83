import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type Emulator, startEmulator } from '@x5t/emulator'
import { type Client, createClient, generateCertificate, loadCredential } from 'x5t'
import { createVerifier, decodeToken, type EntraOptions, type Verifier } from 'x5t/verify'
import { servers } from '../packages/x5t/test/verify/servers.ts'

/** Client, emulator and four real servers, on one clock that the tests turn. */
const clock = { now: Date.UTC(2026, 0, 1, 12) }
const now = () => clock.now
const minute = 60_000
const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 })
let entra: Emulator
let newClient: () => Client
let client: Client
let clientId: string
let audience: string
let scope: string

before(async () => {
  entra = await startEmulator({ http: true, now })
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'reader', now })
  audience = entra.addApp({ name: 'cars', accessTokenVersion: 2, appRoles: ['Cars.Read'] }).appId
  clientId = entra.addApp({ name: 'reader' }).appId
  scope = `${audience}/.default`
  entra.addCertificate({ appId: clientId, certificate: certificatePem })
  entra.grantRole({ clientAppId: clientId, resourceAppId: audience, role: 'Cars.Read' })
  const credential = await loadCredential({ pem: privateKeyPem + certificatePem })
  const authority = { tenant: entra.tenantId, authority: entra.url, allowHttpAuthority: true }
  newClient = () => createClient({ ...authority, clientId, credential, now })
  client = newClient()
})
after(() => entra.stop())

/** An API on each server; `fetched` counts what its verifier reads of the emulator. */
async function startApis(options: Partial<EntraOptions> = {}) {
  const fetched = new Map<string, number>()
  const apis = Object.entries(servers).map(async ([name, start]) => {
    const verifier: Verifier = createVerifier({
      tenant: entra.tenantId,
      authority: entra.url,
      allowHttpAuthority: true,
      audience,
      roles: ['Cars.Read'],
      now,
      fetch(input, init) {
        if (String(input).endsWith('/keys')) fetched.set(name, (fetched.get(name) ?? 0) + 1)
        return fetch(input, init)
      },
      ...options,
    } as EntraOptions) // tests add options, they replace none of the choice of tenant
    return { name, url: `http://127.0.0.1:${await start(verifier)}/cars` }
  })
  return { apis: await Promise.all(apis), fetched }
}

async function newToken(): Promise<string> {
  return String((await client.getTokenResponse({ scope })).access_token)
}

/** The claims of a good token, signed by a key that the emulator does not have, under the name of one that it has. */
function forge(token: string, header = decodeToken(token).header): string {
  const text = Buffer.from(JSON.stringify(header)).toString('base64url')
  const input = `${text}.${token.split('.')[1]}`
  return `${input}.${sign('sha256', Buffer.from(input), stranger).toString('base64url')}`
}

async function statusOf(url: string, token: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.arrayBuffer()
  return response.status
}

test('keys roll for a day under load: no good token is refused by any server, and no forged one let in', async () => {
  const { apis, fetched } = await startApis()
  const first = await newToken()
  let before = first
  let judged = 0
  for (let step = 1; step <= 24; step++) {
    clock.now += 60 * minute
    const fresh = newToken()
    /** Twice at once is what no verifier can have seen coming: the second key was not published before. */
    const rolls = step % 6 === 0 ? 1 + ((step / 6) % 2) : 0
    const rolling = (async () => {
      for (let roll = 0; roll < rolls; roll++) await entra.rollSigningKey()
    })()
    const tokens = [before, await fresh].map((token) => [token, forge(token)] as const)
    const load = apis.map(async ({ url, name }) => {
      for (const [token, forged] of tokens) {
        const statuses = await Promise.all([statusOf(url, token), statusOf(url, forged)])
        assert.deepEqual(statuses, [200, 401], `${name}, step ${step}`)
        judged += statuses.length
      }
    })
    await Promise.all([rolling, ...load])
    before = await newToken()
    for (const { url, name } of apis) assert.equal(await statusOf(url, before), 200, `${name}, step ${step}`)
  }
  for (const { url } of apis) assert.equal(await statusOf(url, first), 401)
  assert.equal(judged, 24 * 4 * 2 * 2)
  for (const count of fetched.values()) assert.ok(count <= 32, `${count} fetches of the keys in a day`)
})

test('forged names of keys cost the service one fetch in five minutes for each API', async () => {
  const { apis, fetched } = await startApis()
  const token = await newToken()
  for (const { url } of apis) await statusOf(url, token)
  for (let at = 0; at < 10; at++) {
    const forged = forge(token, { ...decodeToken(token).header, kid: `unknown-${at}` })
    for (const { url } of apis) assert.equal(await statusOf(url, forged), 401)
    clock.now += minute
  }
  for (const count of fetched.values()) assert.equal(count, 3)
})

test('client.fetch answers the challenge of every server with a token from after the event', async () => {
  const { apis: open } = await startApis()
  const clients = open.map(() => newClient())
  for (const [at, { url }] of open.entries()) {
    assert.equal((await clients[at]?.fetch(url, { scope }))?.status, 200)
  }
  const old = await newToken()
  clock.now += 10 * minute
  const event = String(clock.now / 1_000 - 300)
  const { apis } = await startApis({ requiredClaims: { nbf: { essential: true, value: event } } })
  for (const [at, { url, name }] of apis.entries()) {
    const refused = await fetch(url, { headers: { authorization: `Bearer ${old}` } })
    assert.match(refused.headers.get('www-authenticate') ?? '', /error="insufficient_claims"/)
    const response = await clients[at]?.fetch(url, { scope })
    assert.deepEqual([response?.status, await response?.text()], [200, clientId], name)
  }
})
