import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { createClientAssertion, generateCertificate, type LoadedCredential, loadCredential } from 'x5t'
import { decodeToken } from 'x5t/verify'
import { assertIsErrorObject, assertMatchesSchema } from './support/schema.ts'
import { createStage } from './support/stage.ts'

/** Transcripts of `x5t decode` and `x5t verify`. */
const stage = createStage()
const noon = Date.UTC(2026, 0, 1, 12)
const at = { now: () => noon }
const seconds = noon / 1_000
let entra: Emulator
let credential: LoadedCredential

before(async () => {
  entra = await startEmulator({ http: true, now: at.now })
  const pair = await generateCertificate({ commonName: 'app', ...at })
  credential = await loadCredential({ pem: pair.privateKeyPem + pair.certificatePem })
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
  stage.write('app.pem', pair.privateKeyPem + pair.certificatePem)
})
after(async () => {
  await entra.stop()
  stage.remove()
})

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const jwt = (header: object, claims: object) => `${encode(header)}.${encode(claims)}.c2ln`

/** Made by the library's own client, as it goes to the token endpoint. */
const assertion = () =>
  createClientAssertion({
    credential,
    clientId: demo.appId,
    audience: `${entra.url}/${demo.tenantId}/oauth2/v2.0/token`,
    now: noon,
  })

test('decode says of a client assertion what each part means to the token endpoint', async () => {
  const token = await assertion()
  const { code, stdout, stderr } = await stage.x5t(['decode', '-'], { ...at, input: `${token}\n` })
  assert.equal(code, 0, stderr)
  assert.equal(stderr, 'nothing was checked: no signature, no time, no issuer; x5t verify does that\n')
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  // What is new each time, so that the transcript can be compared whole.
  const names = { JTI: jti, THUMBPRINT: credential.certificate.thumbprintSha256, ORIGIN: entra.url }
  assert.equal(
    Object.entries(names).reduce((left, [name, value]) => left.replaceAll(value, name), stdout),
    `looks like a client assertion
  made by a client for the token endpoint, instead of a secret; it opens no API

header
  alg       PS256   (how it is signed: RSA, PSS, SHA-256)
  typ       JWT   (kind of token)
  x5t#S256  THUMBPRINT   (SHA-256 thumbprint of the certificate whose key signed, base64url)

claims
  aud  ORIGIN/${demo.tenantId}/oauth2/v2.0/token   (the token endpoint that it is for)
  iss  ${demo.appId}   (client id)
  sub  ${demo.appId}   (client id, the same as iss)
  jti  JTI   (unique: a token endpoint may take it only once)
  nbf  ${seconds - 60}   (not valid before: 2026-01-01T11:59:00.000Z, 60 s ago)
  iat  ${seconds - 60}   (issued: 2026-01-01T11:59:00.000Z, 60 s ago)
  exp  ${seconds + 540}   (expires: 2026-01-01T12:09:00.000Z, in 9 min)

signature
  256 bytes, not shown, not checked
`,
  )
})

test('decode says of a Graph proof that it is none of the tokens it is taken for', async () => {
  const token = jwt(
    { alg: 'RS256', typ: 'JWT', kid: 'AB12', x5t: 'qxI' },
    { aud: '00000002-0000-0000-c000-000000000000', iss: demo.appId, nbf: seconds, exp: seconds + 600 },
  )
  const { stdout } = await stage.x5t(['decode'], { ...at, input: token })
  assert.match(stdout, /^looks like a Graph proof of possession\n {2}made by an app for addKey or removeKey/)
  assert.match(
    stdout,
    /\n {2}iss .*\(object id of the application or service principal; not its client id\)\n/,
  )
  assert.match(
    stdout,
    /\n {2}exp .*\(expires, at most ten minutes after nbf: 2026-01-01T12:10:00\.000Z, in 10 min\)\n/,
  )
})

const kinds: readonly (readonly [kind: string, title: RegExp, header: object, claims: object])[] = [
  ['app-access-token', /a v2\.0 access token of an app/, {}, { ver: '2.0', azp: 'a', oid: 'o', sub: 'o' }],
  [
    'app-access-token',
    /a v1\.0 access token of a managed identity/,
    {},
    { ver: '1.0', appid: 'a', xms_mirid: '/x' },
  ],
  ['user-access-token', /a v2\.0 access token of a user/, {}, { ver: '2.0', azp: 'a', scp: 'read' }],
  ['id-token', /a v2\.0 ID token/, {}, { ver: '2.0', aud: 'a', preferred_username: 'x@example.com' }],
  ['request-proof', /a signed request/, { typ: 'pop' }, { at: 'x', ts: seconds, u: 'api.example' }],
  ['access-token', /an access token \(RFC 9068\)/, { typ: 'at+jwt' }, { client_id: 'a' }],
  ['unknown', /a JWT of no known kind/, {}, {}],
  ['unknown', /a JWT of no known kind/, {}, { ver: 1, constructor: 'x', toString: 'y' }],
]
for (const [kind, title, header, claims] of kinds) {
  test(`decode takes ${JSON.stringify({ ...header, ...claims })} for ${kind}`, async () => {
    const input = jwt({ alg: 'RS256', ...header }, claims)
    assert.match((await stage.x5t(['decode'], { input })).stdout, title)
    const { stdout } = await stage.x5t(['decode', '--json'], { input })
    assertMatchesSchema('decode', JSON.parse(stdout))
    assert.deepEqual([JSON.parse(stdout).kind, JSON.parse(stdout).verified], [kind, false])
  })
}

test('decode names what nobody signed, what values say, and what it does not know', async () => {
  const input = `${encode({ alg: 'none' })}.${encode({
    aud: 'https://graph.microsoft.com',
    azpacr: '1',
    exp: 1e300,
    xms_tcdt: '1289241547',
    wish: { a: 1 },
  })}.`
  const { stdout } = await stage.x5t(['decode'], { ...at, input })
  assert.match(stdout, /alg {2}none {3}\(how it is signed: NOT SIGNED: anyone can write it\)/)
  assert.match(stdout, /\(for whom it is: Microsoft Graph\)/)
  assert.match(stdout, /\(how the client proved itself: by a secret\)/)
  assert.match(stdout, /\(expires: no date\)/)
  assert.match(stdout, /\(tenant made: 2010-11-08T18:39:07\.000Z, 5533 days ago\)/)
  assert.match(stdout, /wish +\{"a":1\} {3}\(no meaning known\)/)
  assert.match(stdout, /signature\n {2}0 bytes, not shown, not checked\n/)
})

test('no part of the signature is shown, by decode and by verify', async () => {
  const token = await accessToken()
  const [, , signature = ''] = token.split('.')
  for (const argv of [['decode'], ['decode', '--json'], verify(), verify('--json')]) {
    const { code, stdout, stderr } = await stage.x5t(argv, { ...at, input: token })
    assert.equal(code, 0, stderr)
    for (let start = 0; start + 12 <= signature.length; start += 12) {
      assert.ok(!`${stdout}${stderr}`.includes(signature.slice(start, start + 12)))
    }
  }
})

test('verify lists what was checked, what was not, and what each claim says', async () => {
  const { code, stdout, stderr } = await stage.x5t(verify('--role', 'Cars.Read'), {
    ...at,
    input: `Authorization: Bearer ${await accessToken()}`,
  })
  assert.equal(code, 0, stderr)
  assert.match(
    stdout,
    /^valid: a v2\.0 access token of an app\n\n( {2}ok {2}\S+ +.+\n){9}( {2}-- {2}(claims|client|certificate) +.+\n){3}\n {2}aud /,
  )
  assert.match(stdout, /\n {2}exp +\d+ {3}\(expires: 2026-01-01T1\d:\d\d:\d\d\.000Z, in \d+ (min|h)\)\n/)
  assert.match(
    stdout,
    /\n {2}azpacr +2 {3}\(how the client proved itself: by a certificate or an assertion\)\n/,
  )
  assert.equal(
    stderr,
    'not checked: claims, client, certificate (not asked for); whether the token was revoked since\n',
  )
  const json = await stage.x5t(verify('--require-certificate', '--json'), {
    ...at,
    input: await accessToken(),
  })
  const { checks, notChecked, ...rest } = JSON.parse(json.stdout)
  assertMatchesSchema('verify', { checks, notChecked, ...rest })
  assert.deepEqual(notChecked, ['claims', 'client', 'role'])
  assert.ok(checks.includes('certificate'))
})

test('a refused token ends with 6, and with what was good before', async () => {
  const input = await accessToken()
  const late = await stage.x5t(verify(), { now: () => noon + 86_400_000, input })
  assert.deepEqual([late.code, late.stdout], [6, ''])
  assert.match(
    late.stderr,
    /error: token expired at 2026[\s\S]*hint: checked before, and good: form, algorithm, issuer, key, signature\nERR_TOKEN_EXPIRED\n$/,
  )
  const json = await stage.x5t(verify('--role', 'Other', '--json'), { ...at, input })
  assert.deepEqual([json.code, json.stdout], [6, ''])
  assertIsErrorObject(json.stderr)
  assert.match(
    JSON.parse(json.stderr).error.hint,
    /good: form, algorithm, issuer, key, signature, time, audience, app-only; it has role Cars\.Read; what was granted[^;:]*$/,
  )
})

test('of a token without the role, the hint says which it has, and how to get one after a grant', async () => {
  const input = await accessToken()
  const start = 'hint: it has role Cars.Read; what was granted after it was made is in the next one'
  const configured = {
    ...stage.env,
    X5T_TENANT: demo.tenantId,
    X5T_AUTHORITY: entra.url,
    X5T_SCOPE: `api://${demo.carsAppId}/.default`,
  }
  const lacking = ['verify', '--role', 'Other']
  for (const [argv, end, clientId = demo.appId] of [
    [lacking, ': x5t token --no-cache'],
    [[...lacking, '--audience', demo.carsAppId], `: x5t token --no-cache --scope ${demo.carsAppId}/.default`],
    [verify('--role', 'Other'), ''],
    [lacking, '', demo.carsAppId],
  ] as const) {
    const env = { ...configured, X5T_CLIENT_ID: clientId }
    const { code, stderr } = await stage.x5t(argv, { ...at, input, env })
    assert.equal(code, 6)
    assert.ok(stderr.includes(`${start}${end}\n`), stderr)
  }
})

test('a key that an emulator does not know: the hint says that a remembered token may be older', async () => {
  const [, ...rest] = (await accessToken()).split('.')
  const input = [encode({ alg: 'RS256', typ: 'JWT', kid: 'other' }), ...rest].join('.')
  const { code, stderr } = await stage.x5t(verify(), { ...at, input })
  assert.equal(code, 6)
  assert.match(stderr, /hint: a remembered token [^\n]*: x5t token --no-cache\nERR_TOKEN_KEY_UNKNOWN\n$/)
})

test('that Graph alone verifies its tokens is said of one that no key signed, and of no other', async () => {
  const token = await accessToken()
  const forged = (aud: string) =>
    token.replace(/\..*\./, `.${encode({ ...decodeToken(token).claims, aud })}.`)
  for (const [input, ends, isSaid] of [
    [forged('https://graph.microsoft.com'), 'SIGNATURE', true],
    [forged('https://management.azure.com'), 'SIGNATURE', false],
    [await accessToken('https://graph.microsoft.com/.default'), 'AUDIENCE', false],
  ] as const) {
    const { code, stderr } = await stage.x5t(verify(), { ...at, input })
    assert.deepEqual([code, stderr.split('\n').at(-2)], [6, `ERR_TOKEN_${ends}`])
    assert.equal(stderr.includes('is for Microsoft Graph, which alone can verify'), isSaid, stderr)
  }
})

test('verify says of an assertion what it is, besides the check that it fails', async () => {
  const { code, stderr } = await stage.x5t(verify(), { ...at, input: await assertion() })
  assert.equal(code, 6)
  assert.match(stderr, /hint: it looks like a client assertion, which opens no API; x5t decode shows it\n/)
  assert.ok(stderr.endsWith('ERR_TOKEN_ALGORITHM\n'))
})

const inputs: readonly (readonly [what: string, bytes: (token: string) => Buffer, code: number])[] = [
  ['with a byte order mark', (token) => Buffer.from(`\ufeff${token}\r\n`), 0],
  ['in UTF-16, as Windows PowerShell writes it', (token) => Buffer.from(`\ufeff${token}\r\n`, 'utf16le'), 0],
  ['cut in two by a line feed', (token) => Buffer.from(token.replace('.', '.\n')), 6],
  ['that is empty', () => Buffer.alloc(0), 6],
  ['that is no token', () => Buffer.from('hello'), 6],
  ['that is longer than any token', () => Buffer.alloc(70_000, 'x'), 2],
]
for (const [what, bytes, expected] of inputs) {
  test(`decode ends with ${expected} for a file and an input ${what}`, async () => {
    const content = bytes(jwt({ alg: 'RS256' }, {}))
    writeFileSync(join(stage.folder, 'token.txt'), content)
    assert.equal((await stage.x5t(['decode', 'token.txt'])).code, expected)
    assert.equal((await stage.x5t(['decode'], { stdin: Readable.from([content]) })).code, expected)
  })
}

test('where nothing came, that is said, and not that it is no token', async () => {
  const piped = await stage.x5t(verify(), { input: '\n' })
  assert.deepEqual([piped.code, piped.stdout], [6, ''])
  assert.match(
    piped.stderr,
    /error: nothing came on standard input\n {2}hint: where a command before the pipe failed, its error says why\nERR_TOKEN_MALFORMED\n$/,
  )
  stage.write('empty.txt', '')
  assert.match((await stage.x5t(['decode', 'empty.txt'])).stderr, /error: \S+empty\.txt is empty\n/)
})

test('a file that is not there, or is a folder, ends with 3 and says which', async () => {
  const cases = {
    'nothing.txt': /error: \S+nothing\.txt does not exist\nERR_FILE_MISSING$/m,
    '.': /error: \S+ is a directory\nERR_FILE_IS_DIRECTORY$/m,
  }
  for (const [file, expected] of Object.entries(cases)) {
    const { code, stdout, stderr } = await stage.x5t(['decode', file])
    assert.deepEqual([code, stdout], [3, ''])
    assert.match(stderr, expected)
  }
})

async function accessToken(scope = `api://${demo.carsAppId}/.default`): Promise<string> {
  const authority = ['--tenant', demo.tenantId, '--authority', entra.url]
  const client = ['--client-id', demo.appId, '--cert', 'app.pem', '--scope', scope]
  const { code, stdout, stderr } = await stage.x5t(['token', ...authority, ...client], at)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

function verify(...options: string[]): string[] {
  const caller = options.includes('--role') ? [] : ['--any-client']
  const api = ['--tenant', demo.tenantId, '--authority', entra.url, '--audience', demo.carsAppId]
  return ['verify', ...api, ...caller, ...options]
}
