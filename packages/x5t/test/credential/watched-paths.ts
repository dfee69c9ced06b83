import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { watchCredential } from '../../src/credential/watch-credential.ts'

describe('the paths of watched files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-watched-paths-'))
  const start = process.cwd()
  after(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(() => process.chdir(folder))
  afterEach(() => process.chdir(start))

  const subjectOf = async (source: Awaited<ReturnType<typeof watchCredential>>) =>
    (await source.current()).certificate.subject
  const put = async (path: string, commonName: string) => {
    const { privateKeyPem, certificatePem } = await generateCertificate({ commonName })
    writeFileSync(join(folder, path), privateKeyPem + certificatePem, { mode: 0o600 })
  }

  test('a relative path stays where it was when the process goes to another folder, and is shown as given', async () => {
    await put('app.pem', 'old')
    const source = await watchCredential({ path: 'app.pem' })
    process.chdir(start)
    assert.equal(await subjectOf(source), 'CN=old')
    const errors: string[] = []
    const hear = (message: unknown) => errors.push(String(Object(message).error?.message))
    subscribe('x5t:adoption', hear)
    rmSync(join(folder, 'app.pem'))
    assert.equal(await subjectOf(source), 'CN=old')
    unsubscribe('x5t:adoption', hear)
    assert.deepEqual(errors, ['app.pem does not exist'])
    await put('app.pem', 'next')
    assert.equal(await subjectOf(source), 'CN=next')
  })

  test('a relative path goes through a link to a folder as the system goes', {
    skip: process.platform === 'win32' && 'links need rights on Windows',
  }, async () => {
    mkdirSync(join(folder, 'far', 'away'), { recursive: true })
    symlinkSync(join('far', 'away'), join(folder, 'near'))
    await put(join('far', 'app.pem'), 'far')
    assert.equal(await subjectOf(await watchCredential({ path: 'near/../app.pem' })), 'CN=far')
  })

  test('what is no path is a TypeError', async () => {
    for (const path of [undefined, null, 5, '', [], ['']])
      await assert.rejects(watchCredential(Object({ path })), {
        name: 'TypeError',
        message: 'path must name a file, or several',
      })
  })
})
