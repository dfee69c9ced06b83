import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { assertIsErrorObject } from './support/schema.ts'
import { createStage } from './support/stage.ts'
import './every-command.ts'

const stage = createStage()
let entra: Emulator
let certificatePem: string
let client: string[]

before(async () => {
  entra = await startEmulator()
  const pair = await generateCertificate({ commonName: 'app' })
  certificatePem = pair.certificatePem
  entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  stage.write('app.pem', pair.privateKeyPem + certificatePem)
  stage.write('ca.pem', entra.caPem)
  stage.write('.env', 'NODE_EXTRA_CA_CERTS=ca.pem')
  client = [
    '--tenant',
    demo.tenantId,
    '--client-id',
    demo.appId,
    '--cert',
    'app.pem',
    '--authority',
    entra.url,
  ]
})
after(async () => {
  await entra.stop()
  stage.remove()
})

const scope = ['--scope', `api://${demo.carsAppId}/.default`]
const verify = () => [
  'verify',
  '--tenant',
  demo.tenantId,
  '--authority',
  entra.url,
  '--audience',
  demo.carsAppId,
]

test('token prints the token and one newline, and verify accepts it from standard input', async () => {
  const { code, stdout, stderr } = await stage.x5t(['token', ...client, ...scope])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
  assert.match(stderr, /^expires \d{4}-\d\d-\d\dT[\d:.]+Z\n$/)
  const good = await stage.x5t([...verify(), '--role', 'Cars.Read', '-'], { input: stdout })
  assert.equal(good.code, 0, good.stderr)
  assert.match(
    good.stdout,
    /^valid: a v2\.0 access token of an app\n[\s\S]* {2}ok {2}role +has one of the roles\n/,
  )
  const open = await stage.x5t([...verify(), '--any-client', '--json'], { input: stdout })
  assert.equal(open.code, 0, open.stderr)
  assert.ok(!JSON.parse(open.stdout).checks.includes('role'))
  const bad = await stage.x5t([...verify(), '--role', 'Cars.Write'], { input: stdout })
  assert.equal(bad.code, 6)
  assert.match(bad.stderr, /ERR_TOKEN_ROLE/)
  assert.equal(bad.stdout, '')
})

test('token --output header is a line for curl, json has UTC dates and epoch seconds', async () => {
  const header = await stage.x5t(['token', ...client, ...scope, '--output', 'header'])
  assert.match(header.stdout, /^Authorization: Bearer eyJ/)
  const json = await stage.x5t(['token', ...client, '--resource', 'https://graph.microsoft.com', '--json'])
  const { expiresAt, expiresOn, resource, ...rest } = JSON.parse(json.stdout)
  assert.equal(rest.tenantId, demo.tenantId)
  assert.equal(rest.clientId, demo.appId)
  assert.equal(rest.source, 'minted')
  assert.equal(Math.floor(Date.parse(expiresAt) / 1_000), expiresOn)
  assert.equal(resource, 'https://graph.microsoft.com')
})

test('decode says what a token looks like and never that it is valid', async () => {
  const { stdout } = await stage.x5t(['token', ...client, ...scope])
  const text = await stage.x5t(['decode'], { input: `Bearer ${stdout}` })
  assert.match(
    text.stdout,
    /^looks like a v2\.0 access token of an app\n[\s\S]*azpacr +2 +\(how the client proved itself/,
  )
  assert.match(text.stderr, /nothing was checked/)
  const json = await stage.x5t(['decode', '--json'], { input: stdout })
  assert.equal(JSON.parse(json.stdout).verified, false)
  const noise = await stage.x5t(['decode'], { input: 'not a token' })
  assert.equal(noise.code, 6)
})

test('cert new writes an encrypted key; one that is not takes two words', async () => {
  const refused = await stage.x5t(['cert', 'new', '--name', 'billing'])
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /no passphrase for the key[\s\S]*--unencrypted-key --insecure/)
  assert.equal((await stage.x5t(['cert', 'new', '--name', 'billing', '--insecure'])).code, 2)
  const made = await stage.x5t(['cert', 'new', '--name', 'billing', '--passphrase-stdin'], {
    input: 'geheim\n',
  })
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.stdout, /^wrote billing\.key \(0600\), billing\.crt, valid until \d{4}-/)
  assert.match(stage.read('billing.key'), /BEGIN ENCRYPTED PRIVATE KEY/)
  const plain = ['cert', 'new', '--unencrypted-key', '--insecure', '--name']
  const again = await stage.x5t([...plain, 'billing'])
  assert.equal(again.code, 3)
  assert.match(stage.read('billing.key'), /BEGIN ENCRYPTED PRIVATE KEY/)
  const decided = await stage.x5t([...plain, 'open'], { env: { X5T_PASSPHRASE: 'geheim' } })
  assert.equal(decided.code, 0, decided.stderr)
  assert.match(stage.read('open.key'), /BEGIN PRIVATE KEY/)
})

test('cert show prints the thumbprints that Node computes', async () => {
  const { stdout, code } = await stage.x5t(['cert', 'show', 'app.pem', '--json'])
  assert.equal(code, 0)
  const { sha1, sha256, keyBits } = JSON.parse(stdout)
  const { fingerprint, fingerprint256 } = new X509Certificate(certificatePem)
  assert.equal(sha1.colons, fingerprint)
  assert.equal(sha256.colons, fingerprint256)
  assert.equal(keyBits, 2048)
})

test('emulator cert add registers the certificate of a file, once', async () => {
  const { appId } = entra.addApp({ name: 'late' })
  const argv = ['emulator', 'cert', 'add', 'app.pem', '--app', appId, '--url', entra.url]
  const first = await stage.x5t(argv)
  assert.equal(first.code, 0, first.stderr)
  const { fingerprint } = new X509Certificate(certificatePem)
  assert.ok(first.stdout.includes(fingerprint.replaceAll(':', '')))
  assert.equal((await stage.x5t(argv)).stdout, first.stdout)
  assert.equal(first.stderr, '') // no token can be asked for: which app the configuration names is not this one
  const configured = await stage.x5t([...argv.slice(0, 4), '--url', entra.url], {
    env: { ...stage.env, X5T_CLIENT_ID: appId },
  })
  assert.equal(configured.stderr, 'next: x5t token\n')
  const unknown = await stage.x5t([
    'emulator',
    'cert',
    'add',
    'app.pem',
    '--app',
    demo.tenantId,
    '--url',
    entra.url,
  ])
  assert.equal(unknown.code, 4)
  assert.match(unknown.stderr, /no app .* in the emulator/)
})

const usage: [string[], RegExp][] = [
  [['tokn'], /x5t has no command "tokn"\n {2}hint: did you mean: x5t token/],
  [['token', '--output', 'jso'], /takes raw, [\s\S]*did you mean: --output json/],
  [['help', 'exit-code'], /no page "exit-code"\n {2}hint: did you mean: x5t help exit-codes/],
  [['completion', 'zhs'], /SHELL is bash, zsh,[\s\S]*did you mean: zsh/],
  [['cert'], /x5t cert needs a command/],
  [['token', '--scop', 'x'], /unknown option --scop\n[\s\S]*did you mean: --scope/],
  [['token', '--scope', 'a', '--resource', 'b'], /exclude each other/],
  [['token', '--passphrase', 'geheim'], /--passphrase is refused: every user of the machine/],
  [['token', '--passphrase-stdin', '--passphrase-file', 'x'], /exclude each other/],
  [
    ['cert', 'new', '--name', 'x', '--unencrypted-key', '--insecure', '--passphrase-stdin'],
    /--unencrypted-key and a passphrase exclude each other/,
  ],
  [['emulator', 'cert', 'add', 'x.pem', '--url', 'localhost:8443'], /--url takes an address/],
  [['cert', 'new', '--bogus'], /unknown option --bogus[\s\S]*--name is missing/],
  [['verify', '--tenant', 'a.example', '--audience', 'b'], /say who may call/],
  [
    ['emulator', '--listen', '0.0.0.0'],
    /lets others reach the emulator and change it; say --allow-remote too/,
  ],
  [['emulator', '--allow-remote'], /--allow-remote needs --listen/],
  [['emulator', '--port', '99999'], /whole number from 0 to 65535/],
  [['cert', 'new', '--name', '../x', '--days', '400'], /letters, digits[\s\S]*--allow-long-validity/],
]
for (const [argv, stderr] of usage) {
  test(`x5t ${argv.join(' ')} is a usage error that names everything wrong`, async () => {
    const result = await stage.x5t(argv)
    assert.equal(result.code, 2)
    assert.equal(result.stdout, '')
    assert.match(result.stderr, stderr)
    assert.ok(result.stderr.endsWith('ERR_USAGE\n'))
    assert.ok(!result.stderr.includes('geheim'))
  })
}

test('a certificate is not sent to the real service, nor to a server that is no emulator', async () => {
  const tenant = 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/token'
  const real = await stage.x5t(['emulator', 'cert', 'add', 'app.pem'], {
    env: { APP_ID: demo.appId, TENANT_URL: tenant },
  })
  assert.equal(real.code, 3)
  assert.match(
    real.stderr,
    /TENANT_URL points at https:\/\/login\.microsoftonline\.com, which is no emulator/,
  )

  const server = createServer((_, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const url = `http://127.0.0.1:${port}`
  const other = await stage.x5t(['emulator', 'cert', 'add', 'app.pem', '--app', demo.appId, '--url', url])
  server.close()
  assert.equal(other.code, 4)
  assert.match(other.stderr, /answered 404, and not as an emulator/)
})

const readers = () => [['decode'], [...verify(), '--any-client'], ['explain']]

test('what reads does not wait for a person at a terminal who named nothing', async () => {
  const stdin = Object.assign(Readable.from([]), { isTTY: true })
  for (const argv of readers()) {
    const { code, stderr } = await stage.x5t(argv, { stdin })
    assert.equal(code, 2)
    assert.match(stderr, /no (token|text)\n {2}hint: name (a file|it), or pipe (one|it) in: /)
  }
})

test('standard input that is asked for by - is read, with --no-input and from a terminal', async () => {
  for (const argv of readers()) {
    for (const isTTY of [false, true]) {
      const stdin = Object.assign(Readable.from(['neither a token nor a number']), { isTTY })
      const { stderr } = await stage.x5t([...argv, '-', '--no-input'], { stdin })
      assert.match(stderr, /ERR_TOKEN_MALFORMED|no AADSTS number in the text/)
    }
    const { stderr } = await stage.x5t([...argv, '--no-input'], { input: 'x' })
    assert.match(stderr, /error: no (token|text)\n/)
  }
})

test('dates stand in UTC and relative to now, whatever the zone', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: 'RS256' })}.${part({ iat: 0, nbf: 86_400, exp: 180_000 })}.AAAA`
  const { code, stdout, stderr } = await stage.x5t(['decode'], { input, now: () => 172_800_000 })
  assert.equal(code, 0, stderr)
  assert.match(stdout, /1970-01-01T00:00:00\.000Z, 2 days ago/)
  assert.match(stdout, /1970-01-02T00:00:00\.000Z, 24 h ago/)
  assert.match(stdout, /1970-01-03T02:00:00\.000Z, in 2 h/)
})

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  assert.deepEqual(await stage.x5t(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' })
})

test('with JSON a failure is exactly one object on stderr', async () => {
  const { code, stdout, stderr } = await stage.x5t([
    'token',
    '--json',
    ...client,
    '--scope',
    'https://nope.example/.default',
  ])
  assert.equal(code, 4)
  assert.equal(stdout, '')
  assertIsErrorObject(stderr)
  const { error } = JSON.parse(stderr)
  assert.equal(error.code, 'ERR_ENTRA_REFUSED')
  assert.equal(error.aadsts, 500011)
  assert.equal(error.oauthError, 'invalid_resource')
  assert.equal(error.status, 400)
  assert.equal(error.exitCode, 4)
  assert.match(error.correlationId, /^[0-9a-f-]{36}$/)
})

test('words of other tools are understood and shown in no list', async () => {
  const inspected = await stage.x5t(['cert', 'inspect', 'app.pem'])
  assert.deepEqual(inspected, await stage.x5t(['cert', 'show', 'app.pem']))
  const login = await stage.x5t(['login'])
  assert.equal(login.code, 0)
  assert.match(login.stdout, /^no login is needed/)
  const lists = await Promise.all([['--help'], ['cert', '--help'], ['lgin']].map((argv) => stage.x5t(argv)))
  for (const { stdout, stderr } of lists) assert.ok(!/inspect|login/.test(stdout + stderr))
})

test('a hostile token cannot draw on the terminal', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub: 'x\n  ok  signature', 'a\u001b[2J': 'b\u202e' }
  const { code, stdout } = await stage.x5t(['decode'], {
    input: `${part({ alg: 'RS256' })}.${part(claims)}.AAAA`,
  })
  assert.equal(code, 0)
  assert.equal(stdout.replaceAll('\n', '').match(/\p{C}/u), null)
  assert.ok(!/^ {2}ok/m.test(stdout))
})
