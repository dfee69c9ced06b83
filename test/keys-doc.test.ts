import assert from 'node:assert/strict'
import { constants, createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startEmulator } from '@x5t/emulator'
import {
  type ClientCredential,
  createClient,
  generateCertificate,
  loadCertificate,
  testCredential,
} from 'x5t'

const folder = mkdtempSync(join(tmpdir(), 'x5t-keys-doc-'))
after(() => rmSync(folder, { recursive: true }))

interface KmsRequest {
  readonly key: string
  readonly padding: 'pss' | 'pkcs1'
  readonly data: Uint8Array
}

test('the example of docs/keys.md that wraps a KMS gets a token, with the code as it stands there', async (t) => {
  const page = readFileSync('docs/keys.md', 'utf8')
  const block = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    .map(([, code = '']) => code)
    .find((code) => code.includes('kms.'))
  assert.ok(block !== undefined && block.trim().split('\n').length <= 5, 'five lines')
  const module = `export async function run({ kms, loadCertificate, testCredential }) {\n${block}return { certificate, signer }\n}`
  writeFileSync(join(folder, 'example.ts'), module)

  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'app' })
  writeFileSync(join(folder, 'app.cer'), new X509Certificate(certificatePem).raw)
  const privateKey = createPrivateKey(privateKeyPem)
  const kms = {
    async sign({ key, padding, data }: KmsRequest) {
      assert.equal(key, 'app')
      const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      return sign('sha256', data, { key: privateKey, ...(padding === 'pss' ? pss : {}) })
    },
  }
  const { run } = await import(pathToFileURL(join(folder, 'example.ts')).href)
  const credential: ClientCredential = await run({
    kms,
    loadCertificate: ({ path }: { path: string }) => loadCertificate({ path: join(folder, path) }),
    testCredential,
  })

  const entra = await startEmulator()
  t.after(() => entra.stop())
  const { appId } = entra.addApp({ name: 'kms', certificates: [certificatePem] })
  const client = createClient({
    tenant: entra.tenantId,
    clientId: appId,
    credential,
    authority: entra.url,
    ca: entra.caPem,
  })
  const { accessToken } = await client.getToken({ scope: 'https://graph.microsoft.com/.default' })
  assert.match(accessToken, /^eyJ/)
})
