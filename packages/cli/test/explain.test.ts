import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { generateCertificate } from 'x5t'
import { createStage } from './support/stage.ts'

const stage = createStage()
after(() => stage.remove())

test('a number is explained: what, why, what to do, and how sure that is', async () => {
  const { code, stdout, stderr } = await stage.x5t(['explain', 'AADSTS7000229'])
  assert.deepEqual([code, stderr], [0, 'next: x5t doctor finds out which of the causes it is\n'])
  assert.match(stdout, /^AADSTS7000229 {2}the app has no service principal in this tenant\n/)
  assert.match(
    stdout,
    /\n {2}usual causes\n {4}- .*\n[\s\S]*\n {2}what to do\n {4}create it: az ad sp create/,
  )
  assert.match(stdout, /published; https:\/\/login\.microsoftonline\.com\/error\?code=7000229\n$/)
})

test('the words of a message need no quotes, and a log comes by standard input', async () => {
  const words = await stage.x5t(['explain', 'AADSTS90002:', 'Tenant', 'not', 'found'])
  const log = await stage.x5t(['explain', '-'], { input: '12:00:01 AADSTS90002: Tenant not found\n' })
  assert.match(words.stdout, /^AADSTS90002 /)
  assert.equal(log.stdout, words.stdout)
})

test('a log that Windows PowerShell wrote is read too', async () => {
  const input = Buffer.from('\uFEFFAADSTS90002: Tenant not found\r\n', 'utf16le')
  const { code, stdout, stderr } = await stage.x5t(['explain', '-'], { stdin: Readable.from([input]) })
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^AADSTS90002 /)
})

test('a number that is not in the catalogue is said to be so, with the page that may know it', async () => {
  const { code, stdout } = await stage.x5t(['explain', 'AADSTS999999', '--json'])
  assert.equal(code, 0)
  const url = 'https://login.microsoftonline.com/error?code=999999'
  assert.deepEqual(JSON.parse(stdout).codes, [{ code: 999999, url, known: false }])
})

test('a text without a number is a usage error', async () => {
  const { code, stdout, stderr } = await stage.x5t(['explain', 'it does not work'])
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /no AADSTS number/)
})

test('where something is configured its app, tenant, thumbprints and page are named', async () => {
  const { certificatePem } = await generateCertificate({ commonName: 'app' })
  const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e'
  const profile = { tenant: 'contoso.onmicrosoft.com', clientId, certificate: 'app.crt' }
  stage.write('app.crt', certificatePem)
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
  const { stdout } = await stage.x5t(['explain', '700027'])
  const thumbprint = new X509Certificate(certificatePem).fingerprint.replaceAll(':', '')
  assert.match(stdout, new RegExp(`compare thumbprint ${thumbprint} .* of app ${clientId}`))
  assert.match(stdout, new RegExp(`configured here\\n {2}app +${clientId}\\n {2}tenant +contoso`))
  assert.match(stdout, /https:\/\/portal\.azure\.com\/.*appId\/6731de76-/)
})

test('a configuration that cannot be read is no reason to say nothing', async () => {
  stage.write('x5t.json', '{')
  const { code, stdout, stderr } = await stage.x5t(['explain', '700027'])
  assert.equal(code, 0)
  assert.match(stdout, /^AADSTS700027/)
  assert.match(stderr, /the configuration is not used: .*x5t\.json is not JSON/)
})
