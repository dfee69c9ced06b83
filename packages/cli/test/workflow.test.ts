import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { demo } from '@x5t/emulator'
import { entra, pair, passphrase, stage, writeEnv } from './support/workflow-stage.ts'
import './workflow-refusals.ts'

/** The original workflow, in its own words: .env, createKeys, createConfig, connectToAzure. */

test('createConfig and connectToAzure end in the answer of the v1 endpoint, in its own types', async () => {
  const config = await stage.x5t(['createConfig'])
  assert.equal(config.stdout, 'config file created at nodeconfig.json\n')
  assert.equal(config.code, 0)
  assert.match(config.stderr, /x5t emulator cert add public\.pem/)
  const { fingerprint, fingerprint256 } = new X509Certificate(pair.certificatePem)
  const base64url = (hex: string) => Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url')
  assert.deepEqual(Object.keys(JSON.parse(stage.read('nodeconfig.json'))), [
    'appId',
    'tenantId',
    'tokenEndpoint',
    'resource',
    'privateKey',
    'publicKey',
    'x5t',
    'x5t#S256',
    'expires',
  ])
  assert.equal(JSON.parse(stage.read('nodeconfig.json')).x5t, base64url(fingerprint))
  assert.equal(JSON.parse(stage.read('nodeconfig.json'))['x5t#S256'], base64url(fingerprint256))
  assert.ok(!/PRIVATE|horse/.test(stage.read('nodeconfig.json')))

  const added = await stage.x5t(['emulator', 'cert', 'add', 'public.pem'])
  assert.match(added.stderr, /^next: npm run connectToAzure \(x5t connectToAzure\)\n$/m)
  const { code, stdout, stderr } = await stage.x5t(['connectToAzure'])
  assert.equal(code, 0, stderr)
  assert.match(
    stdout,
    /^AAD Response: \{\n {2}token_type: 'Bearer',\n {2}expires_in: '\d+',\n {2}ext_expires_in: '\d+',\n {2}expires_on: '\d+',\n {2}not_before: '\d+',\n {2}resource: '[0-9a-f-]{36}',\n {2}access_token: /,
  )
})

test('a v2 TENANT_URL works as well, with numbers', async () => {
  writeEnv({ TENANT_URL: `${entra.url}/${demo.tenantId}/oauth2/v2.0/token` })
  await stage.x5t(['createConfig'])
  const { code, stdout } = await stage.x5t(['connectToAzure'])
  assert.equal(code, 0)
  assert.match(stdout, /^AAD Response: \{\n {2}token_type: 'Bearer',\n {2}expires_in: \d+,/)
})

test('the passphrase may come from the environment, and RESOURCE names another API', async () => {
  writeEnv({ PASSPHRASE: undefined, RESOURCE: 'https://graph.microsoft.com' })
  const env = { PASSPHRASE: passphrase }
  assert.equal((await stage.x5t(['createConfig'], { env })).code, 0)
  const { stdout } = await stage.x5t(['connectToAzure'], { env })
  assert.match(stdout, /resource: 'https:\/\/graph\.microsoft\.com'/)
})

test('X5T_PASSPHRASE, which every command knows, opens the key too and goes before PASSPHRASE', async () => {
  writeEnv({ PASSPHRASE: 'stale' })
  const { code, stderr } = await stage.x5t(['createConfig'], { env: { X5T_PASSPHRASE: passphrase } })
  assert.equal(code, 0, stderr)
})

test('an unquoted # cuts a passphrase short in .env, and the error says how to write it', async () => {
  writeEnv({ PASSPHRASE: passphrase })
  const { code, stderr } = await stage.x5t(['createConfig'])
  assert.equal(code, 3)
  assert.match(stderr, /with # in it goes in single quotes[\s\S]*ERR_PASSPHRASE_WRONG/)
})

test('ROOT_DIR is the folder of both files', async () => {
  writeEnv({ ROOT_DIR: stage.folder })
  assert.equal((await stage.x5t(['createConfig'])).code, 0)
  assert.equal(JSON.parse(stage.read('nodeconfig.json')).privateKey, join(stage.folder, 'private.pem'))
})

test('a file whose name has a space in it is named as a shell takes it', async () => {
  writeEnv({ PUBLIC_KEY: 'my public.pem' })
  stage.write('my public.pem', pair.certificatePem)
  const { stderr } = await stage.x5t(['createConfig'])
  assert.match(stderr, /npx x5t emulator cert add 'my public\.pem'\n/)
})

test('the first sample’s nodeconfig.json is understood', async () => {
  const url = `${entra.url}/${demo.tenantId}/oauth2/token`
  const old = {
    priv: '.\\private.pem',
    pub: '.\\public.pem',
    appid: demo.appId,
    tenantId: demo.tenantId,
    x5t: 'x',
    url,
  }
  stage.write('nodeconfig.json', JSON.stringify(old))
  const { code, stderr } = await stage.x5t(['connectToAzure'])
  assert.equal(code, 0, stderr)
})

test('createKeys does not put key and certificate into one file', async () => {
  writeEnv({ PRIVATE_KEY: 'both.pem', PUBLIC_KEY: './both.pem' })
  const { code, stderr } = await stage.x5t(['createKeys', '--force'])
  assert.equal(code, 3)
  assert.match(stderr, /PRIVATE_KEY and PUBLIC_KEY name one file: both\.pem/)
})

test('createKeys makes an encrypted key that nobody else reads, and replaces nothing', async () => {
  const refused = await stage.x5t(['createKeys'])
  assert.equal(refused.code, 3)
  assert.match(
    refused.stderr,
    /private\.pem and \S+public\.pem exist\n {2}hint: nothing was written; --force/,
  )
  assert.equal(stage.read('private.pem'), pair.privateKeyPem)

  writeEnv({ PRIVATE_KEY: 'new.pem', PUBLIC_KEY: 'public.pem' })
  assert.equal((await stage.x5t(['createKeys'])).code, 3)
  assert.ok(!stage.files().includes('new.pem'))

  writeEnv({ PRIVATE_KEY: 'new.pem', PUBLIC_KEY: 'new-public.pem' })
  const { code, stderr } = await stage.x5t(['createKeys'])
  assert.equal(code, 0, stderr)
  assert.match(stage.read('new.pem'), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  const key = createPrivateKey({ key: stage.read('new.pem'), passphrase })
  const x509 = new X509Certificate(stage.read('new-public.pem'))
  assert.ok(x509.checkPrivateKey(key))
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 4096)
  if (process.platform !== 'win32') assert.equal(statSync(join(stage.folder, 'new.pem')).mode & 0o777, 0o600)
})
