import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createKeyStage, passphrase } from './support/key-stage.ts'

/** Who else may read a key, or the passphrase of one. */
let stage: Awaited<ReturnType<typeof createKeyStage>>['stage']
let made: Awaited<ReturnType<typeof createKeyStage>>['made']
before(async () => {
  ;({ stage, made } = await createKeyStage())
})
after(() => stage.remove())

const modeOf = (name: string) => statSync(join(stage.folder, name)).mode & 0o777
const onPosix = { skip: process.platform === 'win32' && 'Windows keeps no mode' }

test('cert show warns of a key that others can read and closes its file when told to', onPosix, async () => {
  stage.write('open.pem', made.privateKeyPem + made.certificatePem)
  chmodSync(join(stage.folder, 'open.pem'), 0o644)
  const warned = await stage.x5t(['cert', 'show', 'open.pem'])
  assert.match(
    warned.stderr,
    /^x5t: warning: other users can read open\.pem.*\nmend it with: x5t cert show --fix-mode open\.pem\n$/,
  )
  assert.equal(modeOf('open.pem'), 0o644)
  const fixed = await stage.x5t(['cert', 'show', '--fix-mode', 'open.pem'])
  assert.deepEqual(
    [fixed.code, fixed.stderr, modeOf('open.pem')],
    [0, 'closed open.pem to other users (0600)\n', 0o600],
  )
  stage.write('key alone.pem', made.privateKeyPem)
  chmodSync(join(stage.folder, 'key alone.pem'), 0o644)
  const alone = await stage.x5t(['cert', 'show', '--fix-mode', 'key alone.pem'])
  assert.deepEqual([alone.code, alone.stdout, modeOf('key alone.pem')], [0, '', 0o600], alone.stderr)
  chmodSync(join(stage.folder, 'key alone.pem'), 0o644)
  const json = await stage.x5t(['cert', 'show', '--fix-mode', '--output', 'json', 'key alone.pem'])
  assert.deepEqual([json.code, json.stdout, modeOf('key alone.pem')], [3, '', 0o600])
  assert.match(json.stderr, /ERR_CERT_MISSING/)
  stage.write('open pair.pem', made.privateKeyPem + made.certificatePem)
  chmodSync(join(stage.folder, 'open pair.pem'), 0o644)
  const quoted = await stage.x5t(['cert', 'show', 'open pair.pem'])
  assert.match(quoted.stderr, /\nmend it with: x5t cert show --fix-mode 'open pair\.pem'\n$/)
  chmodSync(join(stage.folder, 'billing.crt'), 0o644)
  await stage.x5t(['cert', 'show', '--fix-mode', 'billing.crt'])
  assert.equal(modeOf('billing.crt'), 0o644)
  chmodSync(join(stage.folder, 'billing.crt'), 0o600)
})

test('cert show --fix-mode leaves the mode of what holds no key', onPosix, async () => {
  const request = ['-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'request.key', '-subj', '/CN=billing']
  execFileSync('openssl', ['req', ...request, '-out', 'request.csr'], { cwd: stage.folder, stdio: 'ignore' })
  stage.write('notes.txt', 'call the bank')
  for (const [file, code] of [
    ['request.csr', 0],
    ['notes.txt', 3],
  ] as const) {
    chmodSync(join(stage.folder, file), 0o644)
    const left = await stage.x5t(['cert', 'show', '--fix-mode', file])
    assert.deepEqual([left.code, modeOf(file)], [code, 0o644], left.stderr)
  }
})

test('a passphrase file that others can read is warned of', onPosix, async () => {
  stage.write('open pass.txt', `${passphrase}\n`)
  const locked = ['cert', 'test', 'locked.pem', '--passphrase-file', 'open pass.txt']
  for (const [mode, warned] of [
    [0o600, false],
    [0o640, true],
    [0o604, true],
  ] as const) {
    chmodSync(join(stage.folder, 'open pass.txt'), mode)
    const { code, stderr } = await stage.x5t(locked)
    const warning =
      "x5t: warning: passphrase file open pass.txt can be read by other users; mend it with: chmod 600 'open pass.txt'\n"
    assert.deepEqual([code, stderr], [0, warned ? warning : ''])
  }
  assert.equal((await stage.x5t(locked, { platform: 'win32' })).stderr, '')

  const words = ['--to', 'pem', '--out', 'again.pem', '--new-passphrase-file', 'open pass.txt']
  const converted = await stage.x5t(['cert', 'convert', 'both.pem', ...words])
  assert.match(converted.stderr, /warning: passphrase file open pass\.txt can be read by other users/)
})

test('cert show --fix-mode on Windows says the words of icacls', async () => {
  const { stderr } = await stage.x5t(['cert', 'show', '--fix-mode', 'both.pem'], { platform: 'win32' })
  assert.equal(stderr, 'in Windows: icacls "both.pem" /inheritance:r /grant:r "%USERNAME%:F"\n')
})
