import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, test } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { entra, expired, other, pair, stage, writeEnv } from './support/workflow-stage.ts'

/** What is wrong with files or service, and how the commands of the original workflow say so. */
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
      /certificates in [^\n]*, where one should hold the private key[\s\S]*PRIVATE_KEY[\s\S]*ERR_KEY_IS_CERTIFICATE/,
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
    what: 'no passphrase',
    prepare: async () => {
      await configure({})
      writeEnv({ PASSPHRASE: undefined })
    },
    code: 3,
    stderr:
      /is encrypted(?![\s\S]*--passphrase)[\s\S]*it comes by PASSPHRASE or X5T_PASSPHRASE\n[\s\S]*ERR_PASSPHRASE_MISSING/,
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
