import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { pair, setUp, stage, windows } from './support/token-stage.ts'

/** Where `x5t token` takes a passphrase or a key from. */

const canary = 'kanarienvogel'
test('a passphrase comes from a file, a descriptor, standard input or a variable, and is shown nowhere', {
  skip: windows && 'no descriptors',
}, async () => {
  const key = createPrivateKey(pair.privateKeyPem)
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: canary })
  stage.write('locked.pem', locked + pair.certificatePem)
  stage.write('passphrase', `${canary}\n`)
  const argv = ['token', '--cert', 'locked.pem', '--no-cache', '--explain']
  const named = await stage.x5t([...argv, '--passphrase-file', 'passphrase'])
  const piped = await stage.x5t([...argv, '--passphrase-stdin'], { input: canary })
  const noInput = await stage.x5t([...argv, '--passphrase-stdin', '--no-input'], { input: canary })
  const typed = await stage.x5t([...argv, '--passphrase-stdin'], {
    stdin: Object.assign(Readable.from([canary]), { isTTY: true }),
  })
  assert.deepEqual([typed.code, typed.stdout], [2, ''])
  assert.match(typed.stderr, /reads a passphrase from a pipe, and there is none\n {2}hint: leave it out/)
  const variable = await stage.x5t(argv, { env: { ...stage.env, X5T_PASSPHRASE: canary } })
  const azure = await stage.x5t(['token', '--no-cache'], {
    env: {
      ...stage.env,
      AZURE_CLIENT_CERTIFICATE_PATH: 'locked.pem',
      AZURE_CLIENT_CERTIFICATE_PASSWORD: canary,
    },
  })
  const asked = await stage.x5t(argv, {
    ask: async () => canary,
    stdin: Object.assign(stage.io().stdin, { isTTY: true }),
    stdoutIsTTY: true,
  })
  for (const { code, stderr } of [named, piped, noInput, variable, azure, asked]) {
    assert.equal(code, 0, stderr)
    assert.ok(!stderr.includes(canary))
  }
  const missing = await stage.x5t(argv)
  assert.equal(missing.code, 3)
  assert.match(missing.stderr, /ERR_PASSPHRASE_MISSING/)
})

test('a key comes by X5T_KEY: PEM, PEM in one line, base64, with its certificate or beside it', async () => {
  const whole = pair.privateKeyPem + pair.certificatePem
  const forms = [
    whole,
    whole.replaceAll('\n', '\\n'),
    Buffer.from(whole).toString('base64'),
    pair.privateKeyPem,
    Buffer.from(pair.privateKeyPem).toString('base64url'),
    createPrivateKey(pair.privateKeyPem).export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  ]
  for (const X5T_KEY of forms) {
    const { code, stderr } = await stage.x5t(['token', '--no-cache'], { env: { ...stage.env, X5T_KEY } })
    assert.equal(code, 0, stderr)
  }
  setUp({ certificate: undefined })
  const alone = await stage.x5t(['token'], { env: { ...stage.env, X5T_KEY: pair.privateKeyPem } })
  assert.equal(alone.code, 3)
  assert.match(alone.stderr, /the key from X5T_KEY comes without a certificate/)
  assert.ok(!alone.stderr.includes(pair.privateKeyPem.slice(40, 80)))
})
