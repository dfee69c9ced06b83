import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertion, certify, now, privateKey, sha, tenantId } from '../support/stage.ts'
import { openPortal, words } from './support.ts'

const dayMs = 86_400_000
const pem = await certify(privateKey, { commonName: 'second' })
const der = new Uint8Array(new X509Certificate(pem).raw)
const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pathOf = (appId: string, what: string) => `/tenants/${tenantId}/apps/${appId}/${what}`

test('a certificate is shown with its state, both thumbprints, days left and last use', async () => {
  const portal = await openPortal()
  const { client, certificate, clock } = portal
  let shown = words((await portal.page()).text)
  assert.match(
    shown,
    new RegExp(
      `active ${sha('sha1', certificate).toString('hex').toUpperCase()} ${sha('sha256', certificate).toString('base64url')} CN=billing`,
    ),
  )
  assert.match(shown, /2026-09-13 2027-09-13 364 days not since start/)
  await portal.post(await portal.form())
  clock.advance(12)
  const { text } = await portal.page()
  assert.match(words(text), /12 seconds ago \(PS256\)/)
  assert.match(text, /href="\/_emulator\/portal\/requests\/1"/)
  assert.ok(text.includes(client.appId))
  clock.set('2027-10-01T00:00:00Z')
  shown = words((await portal.page()).text)
  assert.match(shown, /expired .* ended 17 days ago/)
})

test('a new certificate that a delay holds back says when it will be accepted', async () => {
  const { page, sky, control, client, clock } = await openPortal()
  sky.arm({ kind: 'propagation', seconds: 60 })
  control.addCertificate({ appId: client.appId, certificate: pem })
  clock.advance(19)
  assert.match(words((await page()).text), /new .* never; accepted in 41 seconds/)
  clock.advance(60)
  assert.doesNotMatch(words((await page()).text), /accepted in/)
})

const files: readonly [what: string, file: Uint8Array<ArrayBuffer> | string][] = [
  ['PEM', pem],
  ['DER', der],
  ['base64 without armour', Buffer.from(der).toString('base64')],
  [
    'PEM with Bag Attributes and CRLF',
    `Bag Attributes\r\n    localKeyID: 01\r\n${pem.replaceAll('\n', '\r\n')}`,
  ],
  ['PEM in UTF-16, as PowerShell writes', new Uint8Array(Buffer.from(`\ufeff${pem}`, 'utf16le'))],
]
for (const [what, file] of files) {
  test(`${what}: previewed first, registered on the second step`, async () => {
    const portal = await openPortal()
    const { client } = portal
    const preview = await portal.upload(pathOf(client.appId, 'upload'), file, 'my app.cer')
    assert.equal(preview.status, 200)
    assert.match(
      words(preview.text),
      /my app\.cer Subject CN=second Issuer itself Valid 2026-09-13 until 2027-09-13, 365 days in all Key RSA, 2048 bits/,
    )
    const [application] = portal.directory.registrations(client.appId)
    assert.equal(application?.certificates.length, 1, 'nothing is kept before the second step')
    const certificate = /name="certificate" value="([^"]+)"/.exec(preview.text)?.[1] ?? ''
    const saved = await portal.postForm(pathOf(client.appId, 'certificates'), { certificate })
    assert.equal(saved.status, 303)
    const keyId = portal.directory.registrations(client.appId)[0]?.certificates[1]?.keyId
    assert.equal(saved.location, `/_emulator/portal?done=added#key-${keyId}`)
    assert.match(words((await portal.page('?done=added')).text), /The certificate is registered\./)
    const again = await portal.postForm(pathOf(client.appId, 'certificates'), { certificate })
    assert.match(again.location ?? '', /done=present/)
  })
}

test('a private key beside the certificate is named and left out', async () => {
  const portal = await openPortal()
  const { status, text } = await portal.upload(
    pathOf(portal.client.appId, 'upload'),
    `${keyPem}${pem}`,
    'app.pem',
  )
  assert.equal(status, 200)
  assert.match(
    words(text),
    /A private key was found in this file\. It is not stored and should not have been uploaded/,
  )
  assert.ok(!text.includes('PRIVATE KEY-----'))
  const hidden = /name="certificate" value="([^"]+)"/.exec(text)?.[1] ?? ''
  assert.deepEqual(new Uint8Array(Buffer.from(hidden, 'base64')), der)
})

const noCertificates: readonly [what: string, file: Uint8Array<ArrayBuffer> | string, says: RegExp][] = [
  ['a private key alone, PEM', keyPem, /A private key was found .* no certificate in it/],
  [
    'a private key alone, DER',
    new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
    /A private key was found/,
  ],
  [
    'an encrypted private key',
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    /A private key was found/,
  ],
  ['an empty file', '', /The file is empty/],
  [
    'a picture',
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
    /no certificate in it that can be read/,
  ],
  [
    'broken PEM',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    /no certificate in it that can be read/,
  ],
]
for (const [what, file, says] of noCertificates) {
  test(`${what} is refused, and why`, async () => {
    const portal = await openPortal()
    const { status, text } = await portal.upload(pathOf(portal.client.appId, 'upload'), file)
    assert.equal(status, 400)
    assert.match(words(text), says)
    assert.ok(!text.includes('name="certificate"'))
  })
}

test('.pfx and .p7b files by OpenSSL are told apart, with the command that helps', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-portal-'))
  const at = (name: string) => join(folder, name)
  try {
    writeFileSync(at('key.pem'), keyPem, { mode: 0o600 })
    writeFileSync(at('cert.pem'), pem)
    const openssl = (...args: string[]) => new Uint8Array(execFileSync('openssl', args))
    const pfx = openssl(
      'pkcs12',
      '-export',
      '-inkey',
      at('key.pem'),
      '-in',
      at('cert.pem'),
      '-passout',
      'pass:x',
    )
    const p7b = openssl('crl2pkcs7', '-nocrl', '-certfile', at('cert.pem'), '-outform', 'der')
    const portal = await openPortal()
    const upload = async (file: Uint8Array<ArrayBuffer>) =>
      words((await portal.upload(pathOf(portal.client.appId, 'upload'), file)).text)
    assert.match(await upload(pfx), /looks like a \.pfx file, which holds a private key\. .* openssl pkcs12/)
    assert.match(await upload(p7b), /looks like a \.p7b bundle\. .* openssl pkcs7/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the preview warns of what will be refused later', async () => {
  const portal = await openPortal()
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const shown = async (file: string) =>
    words((await portal.upload(pathOf(portal.client.appId, 'upload'), file)).text)
  assert.match(await shown(await certify(ec)), /elliptic curve prime256v1 .*|AADSTS5002738/)
  assert.match(
    await shown(await certify(privateKey, { from: now - 9 * dayMs, days: 2 })),
    /It ended 7 days ago/,
  )
  assert.match(await shown(await certify(privateKey, { from: now + 9 * dayMs })), /It begins in 9 days/)
  assert.match(await shown(portal.certificate), /It is registered on this app already\./)
  assert.match(
    await shown(`${pem}${await certify()}`),
    /The file holds 2 certificates\. The first one counts\./,
  )
})

test('an upload is bounded, and without a file it says so', async () => {
  const portal = await openPortal()
  const path = pathOf(portal.client.appId, 'upload')
  assert.equal((await portal.upload(path, 'x'.repeat(300_000))).status, 413)
  assert.equal((await portal.postForm(path)).status, 400)
  assert.equal((await portal.upload(path, '', '')).status, 400)
  assert.equal(
    (await portal.upload(pathOf('d1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de', 'upload'), pem)).status,
    404,
  )
})

test('a certificate is removed after a question, and assertions by it are refused from then on', async () => {
  const portal = await openPortal()
  const { client, directory } = portal
  const keyId = directory.registrations(client.appId)[0]?.certificates[0]?.keyId
  const path = pathOf(client.appId, `certificates/${keyId}/remove`)
  const asked = await portal.page(path)
  assert.match(words(asked.text), /Remove this certificate from billing\?.* It is the only one of the app\./)
  assert.equal(directory.registrations(client.appId)[0]?.certificates.length, 1)
  const removed = await portal.postForm(path)
  assert.deepEqual(
    [removed.status, removed.location],
    [303, `/_emulator/portal?done=removed#app-${client.appId}`],
  )
  assert.equal((await portal.post(await portal.form())).status, 401)
  assert.equal((await portal.page(path)).status, 404)
})

test('a certificate that is made here is registered, and its key is on that one page only', async () => {
  const portal = await openPortal()
  const { client, directory } = portal
  const { status, text } = await portal.postForm(pathOf(client.appId, 'generate'))
  assert.equal(status, 200)
  const [, file = ''] =
    /download="billing\.pem" href="data:application\/x-pem-file;base64,([^"]+)"/.exec(text) ?? []
  const made = Buffer.from(file, 'base64').toString()
  const key = createPrivateKey(made)
  const certificate = made.slice(made.indexOf('-----BEGIN CERTIFICATE'))
  assert.ok(new X509Certificate(certificate).checkPrivateKey(key))
  const jwt = await assertion({ appId: client.appId, certificate, key })
  assert.equal((await portal.post(await portal.form({ client_assertion: jwt }))).status, 200)
  assert.equal(directory.registrations(client.appId)[0]?.certificates.length, 2)
  const kept = JSON.stringify(portal.control.exportSeed()) + (await portal.page()).text
  assert.ok(!kept.includes('PRIVATE KEY'))
})

test('the policy of the tenant and the delay of the weather stand below the table', async () => {
  const { page, control, sky } = await openPortal()
  assert.match(
    words((await page()).text),
    /Policy: any lifetime · .* · new certificates are accepted at once/,
  )
  const { tenants } = control.exportSeed()
  const keyCredentials = [
    { restrictionType: 'asymmetricKeyLifetime', state: 'enabled', maxLifetime: 'P180D' },
  ]
  const policy = { isEnabled: true, applicationRestrictions: { passwordCredentials: [], keyCredentials } }
  control.importSeed({ tenants: tenants.map((tenant) => ({ ...tenant, appManagementPolicy: policy })) })
  sky.arm({ kind: 'propagation', seconds: 90 })
  assert.match(words((await page()).text), /Policy: at most 180 days · .* · propagation takes 90 seconds/)
})

test('certificates are there to take along as JSON, and the upload as a command', async () => {
  const { page, client, certificate } = await openPortal()
  const { text } = await page()
  assert.ok(text.includes(new X509Certificate(certificate).raw.toString('base64')))
  assert.match(
    words(text),
    new RegExp(
      `curl --cacert ca\\.pem .* https://localhost:8443/_emulator/apps/${client.appId}/certificates`,
    ),
  )
})

test('many apps are searched by name or id', async () => {
  const portal = await openPortal()
  for (let made = 0; made < 60; made += 1) portal.control.addApp({ name: `app ${made}` })
  assert.match(words((await portal.page()).text), /12 more apps\./)
  const found = words((await portal.page('?app=APP 59')).text)
  assert.match(found, /app 59/)
  assert.doesNotMatch(found, /app 58|billing/)
  assert.match(words((await portal.page('?app=nobody')).text), /No app is named like “nobody”/)
})
