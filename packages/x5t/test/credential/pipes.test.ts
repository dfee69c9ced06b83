import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { platform } from 'node:os'
import { before, describe, test } from 'node:test'
import { type GeneratedCertificate, generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { folder } from '../support/openssl.ts'

describe('what is no ordinary file', { skip: platform() === 'win32' && 'Windows has no such files' }, () => {
  let own: GeneratedCertificate
  before(async () => {
    own = await generateCertificate({ commonName: 'own' })
  })

  test('a pipe is waited for, and that takes no thread from others', { timeout: 10_000 }, async (t) => {
    // As many as Node has threads
    const paths = ['1', '2', '3', '4'].map((name) => folder.path(`pipe-${name}`))
    execFileSync('mkfifo', ['-m', '600', ...paths])
    const loading = Promise.all(paths.map((path) => loadCredential({ path })))
    const ordinary = folder.write('own.pem', own.privateKeyPem + own.certificatePem)
    const writers: ChildProcess[] = []
    const write = () => {
      if (writers.length > 0) return
      writers.push(spawn('sh', ['-c', 'tee "$@" < "$0" > /dev/null', ordinary, ...paths]))
    }
    t.after(write) // or threads that wait would hold up the end of this process

    assert.equal((await loadCredential({ path: ordinary })).certificate.subject, 'CN=own')
    write()
    for (const { certificate } of await loading) assert.equal(certificate.subject, 'CN=own')
  })

  test('a link to itself is refused, and no one is told to own it', async () => {
    const path = folder.path('loop.pem')
    symlinkSync('loop.pem', path)
    await assert.rejects(loadCredential({ path }), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, 'ERR_FILE_UNREADABLE')
      assert.match(error.message, /ELOOP/)
      assert.doesNotMatch(error.hint, /own/)
      return true
    })
  })
})
