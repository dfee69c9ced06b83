import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createKeyStage, passphrase } from './support/key-stage.ts'
import { assertMatchesSchema } from './support/schema.ts'
import { createStage } from './support/stage.ts'
import './cert-modes.ts'

const day = 86_400_000
let stage: Awaited<ReturnType<typeof createKeyStage>>['stage']
let made: Awaited<ReturnType<typeof createKeyStage>>['made']
let x509: X509Certificate

before(async () => {
  ;({ stage, made } = await createKeyStage())
  x509 = new X509Certificate(made.certificatePem)
})
after(() => stage.remove())

const onPosix = { skip: process.platform === 'win32' && 'Windows keeps no mode' }

test('cert test signs with both algorithms and says which certificate it was', async () => {
  const expected = [
    'ok  PS256  signed and verified',
    'ok  RS256  signed and verified',
    `CN=billing, RSA 2048, thumbprint ${x509.fingerprint.replaceAll(':', '')}`,
    '',
  ].join('\n')
  for (const words of [['both.pem'], ['billing.crt', 'billing.key'], ['billing.key', 'billing.crt']]) {
    assert.deepEqual(await stage.x5t(['cert', 'test', ...words]), { code: 0, stdout: expected, stderr: '' })
  }
  const pfx = ['cert', 'test', 'billing.pfx', '--passphrase-file', 'passphrase.txt']
  assert.deepEqual(await stage.x5t(pfx), { code: 0, stdout: expected, stderr: '' })
  const json = await stage.x5t(['cert', 'test', 'both.pem', '--json'])
  assert.deepEqual(JSON.parse(json.stdout).algorithms, ['PS256', 'RS256'])
  assertMatchesSchema('cert-test', JSON.parse(json.stdout))
})

test('cert test names what does not fit together', async () => {
  const other = await generateCertificate({ commonName: 'other' })
  stage.write('other.key', other.privateKeyPem)
  const { code, stdout, stderr } = await stage.x5t(['cert', 'test', 'billing.crt', 'other.key'])
  assert.deepEqual([code, stdout], [3, ''])
  assert.match(
    stderr,
    /billing\.crt and .*other\.key does not belong to the certificate\n {2}hint: .*\nERR_CERT_KEY_MISMATCH\n$/,
  )
  const locked = await stage.x5t(['cert', 'test', 'locked.pem'])
  assert.deepEqual([locked.code, locked.stderr.trim().split('\n').at(-1)], [3, 'ERR_PASSPHRASE_MISSING'])
  assert.match(locked.stderr, /hint: it comes by --passphrase-file, /)
  const wrong = await stage.x5t(['cert', 'test', 'locked.pem', '--passphrase-file', 'new.txt'])
  assert.deepEqual([wrong.code, wrong.stderr.trim().split('\n').at(-1)], [3, 'ERR_PASSPHRASE_WRONG'])
  const nothing = await stage.x5t(['cert', 'test'])
  assert.deepEqual([nothing.code, nothing.stderr.trim().split('\n').at(-1)], [3, 'ERR_CONFIG_MISSING'])
})

test('a hint says who named key and certificate, where it was not their paths', async () => {
  const words = ['cert', 'test', '--passphrase-file', 'new.txt']
  const byPath = await stage.x5t([...words, 'billing.crt', 'locked.pem'])
  assert.match(byPath.stderr, /the passphrase does not open .*locked\.pem\n/)
  assert.doesNotMatch(byPath.stderr, /named by/)
  const byFolder = await stage.x5t([...words, '../work/locked.pem'])
  assert.match(byFolder.stderr, /the passphrase is from --passphrase-file/)
  assert.doesNotMatch(byFolder.stderr, /named by/)
  const text = { ...stage.env, X5T_KEY: stage.read('locked.pem') }
  const half = await stage.x5t([...words, 'billing.crt'], { env: text })
  assert.match(half.stderr, /hint: the key is named by X5T_KEY\n/)
  const env = { ...stage.env, X5T_CERTIFICATE_PATH: 'billing.crt', X5T_KEY_PATH: 'locked.pem' }
  const configured = await stage.x5t(words, { env })
  assert.match(
    configured.stderr,
    /hint: key and certificate are named by X5T_CERTIFICATE_PATH and X5T_KEY_PATH\n/,
  )
})

test('a key in the place of its path is refused, and not repeated', async () => {
  for (const command of ['test', 'show', 'due']) {
    const { code, stdout, stderr } = await stage.x5t(['cert', command, made.privateKeyPem])
    assert.deepEqual([code, stdout], [command === 'due' ? 255 : 2, ''])
    assert.doesNotMatch(stderr, /BEGIN|[A-Za-z0-9+/]{40}/)
  }
})

test('cert test asks for the passphrase where a person can be asked', async () => {
  const tty = { stdin: Object.assign((async function* () {})(), { isTTY: true }) }
  const stdout = { isTTY: true, write: () => {} }
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return passphrase
  }
  const { code } = await stage.x5t(['cert', 'test', 'locked.pem'], { ...tty, stdout, ask, env: {} })
  assert.equal(code, 0)
  assert.match(asked.join(), /^Passphrase of the private key \(locked\.pem; --passphrase-file\): $/)
})

test('cert test takes the configured key pair, and a key from the environment', async () => {
  const configured = createStage()
  configured.write('app.crt', made.certificatePem)
  configured.write('app.key', made.privateKeyPem)
  const env = { ...configured.env, X5T_CERTIFICATE_PATH: 'app.crt', X5T_KEY_PATH: 'app.key' }
  assert.equal((await configured.x5t(['cert', 'test'], { env })).code, 0)
  const variables = { ...configured.env, X5T_CERTIFICATE_PATH: 'app.crt' }
  const flat = made.privateKeyPem.replaceAll('\n', '\\n')
  const flattened = await configured.x5t(['cert', 'test'], { env: { ...variables, X5T_KEY: flat } })
  assert.deepEqual(
    [flattened.code, flattened.stderr],
    [0, 'the line ends of the PEM from X5T_KEY were lost, and are put back\n'],
  )
  configured.remove()
})

const due = (...words: string[]) => stage.x5t(['cert', 'due', ...words])

test('cert due answers by its exit code: 0 due, 1 not due, 255 any error', async () => {
  const ends = new Date(x509.validTo).toISOString()
  assert.deepEqual(await due('--within', '91d', 'billing.crt'), {
    code: 0,
    stdout: `due      billing.crt  until ${ends}, 89 days left\n`,
    stderr: '',
  })
  assert.deepEqual(await due('billing.crt'), {
    code: 1,
    stdout: `not due  billing.crt  until ${ends}, 89 days left\n`,
    stderr: '',
  })
  const later = { now: () => Date.now() + 91 * day }
  const expired = await stage.x5t(['cert', 'needs-renewal', 'billing.crt', '--within', '1m'], later)
  assert.deepEqual([expired.code, expired.stdout.includes('expired 2 days ago')], [0, true])
  for (const words of [['nowhere.crt'], ['--within', 'soon'], ['--wihtin', '3d'], [], ['billing.pfx']]) {
    const { code, stdout, stderr } = await due(...words)
    assert.deepEqual([code, stdout], [255, ''], stderr)
    assert.match(stderr, /^x5t: error: /)
  }
  const json = await due('nowhere.crt', '--json')
  assert.equal(JSON.parse(json.stderr).error.exitCode, 255)
})

test('cert due of several files is due when one is', async () => {
  const short = await generateCertificate({ commonName: 'short', days: 7 })
  stage.write('short.crt', short.certificatePem)
  const { code, stdout } = await due('billing.crt', 'short.crt', '--within', '2w', '--json')
  assertMatchesSchema('cert-due', JSON.parse(stdout))
  const { schemaVersion, certificates, ...answer } = JSON.parse(stdout)
  assert.deepEqual([code, schemaVersion, answer.due], [0, 1, true])
  assert.deepEqual(
    certificates.map((one: { file: string; due: boolean }) => [one.file, one.due]),
    [
      ['billing.crt', false],
      ['short.crt', true],
    ],
  )
  assert.equal((await due('short.crt', '--within', '3d')).code, 1)
})

test('cert show prints every spelling of both thumbprints, UTC dates and what is left', async () => {
  const { code, stdout, stderr } = await stage.x5t(['cert', 'show', 'billing.crt'])
  const { fingerprint, fingerprint256 } = x509
  const spelt = [fingerprint, fingerprint256].flatMap((colons) => {
    const bytes = Buffer.from(colons.replaceAll(':', ''), 'hex')
    return [
      colons,
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64url'),
      bytes.toString('base64'),
    ]
  })
  assert.deepEqual([code, stderr], [0, ''])
  for (const spelling of spelt) assert.ok(stdout.includes(` ${spelling}`), spelling)
  assert.match(stdout, /^subject {5}CN=billing\nvalid {7}\S+Z to \S+Z, 89 days left\nkey {9}RSA 2048\n/)
  const json = JSON.parse((await stage.x5t(['cert', 'inspect', 'billing.crt', '--json'])).stdout)
  assertMatchesSchema('cert-show', json)
  assert.equal(json.sha256.colons, fingerprint256)
  assert.deepEqual([json.schemaVersion, json.daysLeft, json.keyBits], [1, 89, 2048])
  assert.equal(json.notAfterEpoch, Date.parse(x509.validTo) / 1_000)
})

test('cert show reads a pipe once', onPosix, async () => {
  const pipe = join(stage.folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const written = writeFile(pipe, made.certificatePem)
  const { code, stdout } = await stage.x5t(['cert', 'show', 'pipe', '--fix-mode'])
  await written
  assert.deepEqual([code, stdout.split('\n')[0]], [0, 'subject     CN=billing'])
})

test('cert show names the key id of the emulator that is configured, and asks nobody else', async () => {
  const entra: Emulator = await startEmulator()
  try {
    const { appId } = entra.addApp({ name: 'shown' })
    const { keyId } = entra.addCertificate({ appId, certificate: made.certificatePem })
    stage.write('ca.pem', entra.caPem)
    const env = { ...stage.env, X5T_AUTHORITY: entra.url, X5T_CA: 'ca.pem' }
    const shown = await stage.x5t(['cert', 'show', 'billing.crt'], { env })
    assert.equal(shown.stdout.split('\n').at(-2), `key id      ${keyId}   of app ${appId}`)
    const json = JSON.parse((await stage.x5t(['cert', 'show', 'billing.crt', '--json'], { env })).stdout)
    assertMatchesSchema('cert-show', json)
    assert.deepEqual(json.registered, [{ keyId, appId }])
    const other = await stage.x5t(['cert', 'show', 'short.crt'], { env })
    assert.equal(other.stdout.split('\n').at(-2), 'key id      not registered with the emulator')
    await entra.stop()
    const silent = await stage.x5t(['cert', 'show', 'billing.crt'], { env })
    assert.equal(silent.code, 0)
    assert.match(silent.stderr, /^key id not looked up: the emulator at \S+ does not answer/)
  } finally {
    await entra.stop()
  }
})

test('what a certificate or a file is called reaches no terminal as more than text, in JSON too', async () => {
  const strange = 'a\u009b31m\u202egnp'
  const { certificatePem } = await generateCertificate({ commonName: strange })
  const file = process.platform === 'win32' ? `${strange}.crt` : `\u001b[31m${strange}.crt`
  stage.write(file, certificatePem)
  for (const words of [
    ['cert', 'show', file],
    ['cert', 'due', file],
    ['cert', 'test', file],
  ]) {
    const text = await stage.x5t(words)
    assert.doesNotMatch(text.stdout + text.stderr, /(?!\n)\p{C}/u)
    const json = await stage.x5t([...words, '--json'])
    assert.doesNotMatch(json.stdout + json.stderr, /(?!\n)\p{C}/u)
    const said = JSON.parse(json.stdout || json.stderr)
    assert.ok(JSON.stringify(said).includes(strange), words.join(' '))
  }
})
