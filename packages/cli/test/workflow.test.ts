import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './support/stage.ts'

/** The original workflow, in its own words: .env, createKeys, createConfig, connectToAzure. */
const stage = createStage()
const passphrase = 'correct # horse'
let entra: Emulator
let pair: { certificatePem: string; privateKeyPem: string }
let other: { certificatePem: string; privateKeyPem: string }
let expired: { certificatePem: string; privateKeyPem: string }

before(async () => {
  entra = await startEmulator()
  ;[pair, other, expired] = await Promise.all([
    generateCertificate({ commonName: 'pair', passphrase }),
    generateCertificate({ commonName: 'other' }),
    generateCertificate({ commonName: 'expired', days: 1, now: () => Date.now() - 3 * 86_400_000 }),
  ])
  entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })
})
after(async () => {
  await entra.stop()
  stage.remove()
})

/** A good set-up; a test changes one thing in it. */
beforeEach(() => {
  stage.write('private.pem', pair.privateKeyPem)
  stage.write('public.pem', pair.certificatePem)
  stage.write('ca.pem', entra.caPem)
  stage.write('nodeconfig.json', '{"old":true}')
  writeEnv()
})

function writeEnv(changes: Record<string, string | undefined> = {}): void {
  const variables: Record<string, string | undefined> = {
    APP_ID: demo.appId,
    TENANT_ID: demo.tenantId,
    TENANT_URL: `${entra.url}/${demo.tenantId}/oauth2/token`,
    PRIVATE_KEY: 'private.pem',
    PUBLIC_KEY: 'public.pem',
    PASSPHRASE: `"${passphrase}"`,
    NODE_EXTRA_CA_CERTS: 'ca.pem',
    ...changes,
  }
  const lines = Object.entries(variables).filter(([, value]) => value !== undefined)
  stage.write('.env', lines.map(([name, value]) => `${name}=${value}`).join('\n'))
}

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

interface BadInput {
  what: string
  prepare: () => void | Promise<void>
  code: number
  stderr: RegExp
}

const badConfigs: BadInput[] = [
  {
    what: 'no .env',
    prepare: () => stage.write('.env', ''),
    code: 3,
    stderr: /APP_ID, TENANT_ID, TENANT_URL, PRIVATE_KEY, PUBLIC_KEY are missing in \.env/,
  },
  {
    what: 'a missing variable',
    prepare: () => writeEnv({ APP_ID: undefined }),
    code: 3,
    stderr: /error: APP_ID is missing in \.env\n {2}hint: \.env\.example/,
  },
  {
    what: 'an app id that is none',
    prepare: () => writeEnv({ APP_ID: 'my-app' }),
    code: 3,
    stderr: /APP_ID is not a GUID: my-app/,
  },
  {
    what: 'an address that is no token endpoint',
    prepare: () => writeEnv({ TENANT_URL: 'https://login.microsoftonline.com/' }),
    code: 3,
    stderr: /TENANT_URL is not the address of a token endpoint/,
  },
  {
    what: 'an address that is not https',
    prepare: () => writeEnv({ TENANT_URL: 'http://login.microsoftonline.com/t/oauth2/token' }),
    code: 3,
    stderr: /TENANT_URL must be https/,
  },
  {
    what: 'two tenants',
    prepare: () => writeEnv({ TENANT_ID: '11111111-2222-3333-4444-555555555555' }),
    code: 3,
    stderr: /name different tenants/,
  },
  {
    what: 'a missing key file',
    prepare: () => writeEnv({ PRIVATE_KEY: 'gone.pem' }),
    code: 3,
    stderr: /gone\.pem does not exist[\s\S]*PRIVATE_KEY/,
  },
  {
    what: 'a missing certificate file',
    prepare: () => writeEnv({ PUBLIC_KEY: 'gone.pem' }),
    code: 3,
    stderr: /gone\.pem does not exist[\s\S]*PUBLIC_KEY/,
  },
  {
    what: 'a wrong passphrase',
    prepare: () => writeEnv({ PASSPHRASE: 'guess' }),
    code: 3,
    stderr: /passphrase does not open .*private\.pem[\s\S]*ERR_PASSPHRASE_WRONG/,
  },
  {
    what: 'no passphrase',
    prepare: () => writeEnv({ PASSPHRASE: undefined }),
    code: 3,
    stderr: /is encrypted[\s\S]*ERR_PASSPHRASE_MISSING/,
  },
  {
    what: 'a key that does not belong to the certificate',
    prepare: () => stage.write('private.pem', other.privateKeyPem),
    code: 3,
    stderr: /does not belong to the certificate[\s\S]*ERR_CERT_KEY_MISMATCH/,
  },
  {
    what: 'an expired certificate',
    prepare: () => {
      stage.write('private.pem', expired.privateKeyPem)
      stage.write('public.pem', expired.certificatePem)
    },
    code: 3,
    stderr: /CN=expired expired on[\s\S]*ERR_CERT_EXPIRED/,
  },
  {
    what: 'a certificate in place of the key',
    prepare: () => stage.write('private.pem', pair.certificatePem),
    code: 3,
    stderr:
      /hold certificates, where one should hold the private key[\s\S]*PRIVATE_KEY[\s\S]*ERR_KEY_IS_CERTIFICATE/,
  },
]
for (const { what, prepare, code, stderr } of badConfigs) {
  test(`createConfig with ${what} says so, exits ${code}, and leaves what was there`, async () => {
    await prepare()
    const files = stage.files()
    const result = await stage.x5t(['createConfig'])
    assert.equal(result.code, code)
    assert.match(result.stderr, stderr)
    assert.equal(result.stdout, '')
    assert.ok(!result.stderr.includes('horse'))
    assert.equal(stage.read('nodeconfig.json'), '{"old":true}')
    assert.deepEqual(stage.files(), files)
  })
}

/** A port on which nothing listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  server.close()
  await once(server, 'close')
  return port
}

const badRequests: BadInput[] = [
  {
    what: 'no nodeconfig.json',
    prepare: () => {
      stage.write('nodeconfig.json', 'x')
    },
    code: 3,
    stderr: /nodeconfig\.json is not JSON[\s\S]*createConfig/,
  },
  {
    what: 'an unknown tenant',
    prepare: () =>
      configure({ TENANT_ID: 'fabrikam.example', TENANT_URL: `${entra.url}/fabrikam.example/oauth2/token` }),
    code: 4,
    stderr: /does not know this tenant(?![\s\S]*cert add)[\s\S]*AADSTS90002/,
  },
  {
    what: 'an unregistered certificate',
    prepare: async () => {
      stage.write('private.pem', other.privateKeyPem)
      stage.write('public.pem', other.certificatePem)
      await configure({})
    },
    code: 4,
    stderr: /AADSTS700027[\s\S]*emulator cert add public\.pem[\s\S]*ERR_ENTRA_REFUSED · correlation/,
  },
  {
    what: 'a server that is not reachable',
    prepare: async () =>
      configure({ TENANT_URL: `https://localhost:${await closedPort()}/${demo.tenantId}/oauth2/token` }),
    code: 5,
    stderr: /no answer from localhost:\d+: connection refused[\s\S]*ERR_NO_ANSWER/,
  },
  {
    what: 'a server that is not https',
    prepare: async () => {
      plain ??= await startEmulator({ http: true })
      await configure({ TENANT_URL: `${plain.url.replace('http:', 'https:')}/${demo.tenantId}/oauth2/token` })
    },
    code: 5,
    stderr: /did not complete a TLS handshake[\s\S]*ERR_TLS_FAILED/,
  },
  {
    what: 'a CA it does not know',
    prepare: () => configure({ NODE_EXTRA_CA_CERTS: undefined }),
    code: 5,
    stderr: /is not trusted[\s\S]*ERR_TLS_UNTRUSTED/,
  },
]
let plain: Emulator | undefined
after(async () => plain?.stop())

async function configure(changes: Record<string, string | undefined>): Promise<void> {
  writeEnv(changes)
  const { code, stderr } = await stage.x5t(['createConfig'])
  assert.equal(code, 0, stderr)
}
for (const { what, prepare, code, stderr } of badRequests) {
  test(`connectToAzure with ${what} says so and exits ${code}`, async () => {
    await prepare()
    const before = stage.read('nodeconfig.json')
    const result = await stage.x5t(['connectToAzure'])
    assert.equal(result.code, code, result.stderr)
    assert.match(result.stderr, stderr)
    assert.equal(result.stdout, '')
    assert.ok(!/eyJ|horse/.test(result.stderr))
    assert.equal(stage.read('nodeconfig.json'), before)
  })
}

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
