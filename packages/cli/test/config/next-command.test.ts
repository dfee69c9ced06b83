import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { generateCertificate } from 'x5t'
import { createStage } from '../support/stage.ts'

const stage = createStage()
afterEach(() => stage.empty())
after(() => stage.remove())

test('the next command is about the profile that was named', async () => {
  const work = { tenant: 'a.example', clientId: 'abc', certificate: 'a.crt' }
  stage.writeUserConfig(
    JSON.stringify({
      profiles: {
        work,
        home: { tenant: 'a.example', authority: 'https://localhost:8443' },
        half: { ...work, tenant: undefined },
      },
    }),
  )
  const next = async (...argv: string[]) => (await stage.x5t(argv)).stderr
  assert.match(await next('config', 'show', '--profile', 'work'), /^next: x5t token --profile work$/m)
  assert.match(
    await next('config', 'show', '--profile', 'home'),
    /^next: x5t init --force --profile home --tenant a\.example --authority \S+8443$/m,
  )
  assert.match(await next('token', '--profile', 'home'), /: x5t config set clientId VALUE --profile home$/m)
  assert.match(
    await next('cert', 'show', '--profile', 'home'),
    /: x5t init --force --profile home --tenant a\.example --authority \S+8443$/m,
  )
  assert.match(await next('token', '--profile', 'half'), /: x5t config set tenant VALUE --profile half$/m)
  const { stdout } = await stage.x5t(['doctor', '--profile', 'half'])
  assert.match(stdout, /^cause: not configured: tenant\n {2}x5t config set tenant VALUE --profile half\n/)
})

test('of a file that is not there it is said where the path began', async () => {
  const profile = {
    tenant: 'a.example',
    clientId: '6731de76-14a6-49ae-97bc-6eba6914391e',
    certificate: 'gone.crt',
  }
  stage.writeUserConfig(JSON.stringify({ profiles: { default: profile } }))
  const start = /a relative path in a configuration file starts at the folder of that file/
  for (const command of ['token', 'doctor', 'cert test']) {
    const { stdout, stderr } = await stage.x5t(command.split(' '))
    assert.match(stdout + stderr, start, command)
    assert.doesNotMatch(stdout + stderr, /working directory/)
  }
  assert.doesNotMatch((await stage.x5t(['token', '--cert', 'gone.crt'])).stderr, start)
})

test('a certificate that is named as its key too is named once', async () => {
  const { certificatePem } = await generateCertificate({ commonName: 'app' })
  stage.write('app.crt', certificatePem)
  const client = ['--tenant', 'a.example', '--client-id', 'b', '--cert', 'app.crt', '--key', 'app.crt']
  const { stderr } = await stage.x5t(['token', '--no-cache', ...client])
  assert.match(stderr, /error: no private key in \S+app\.crt\n/)
})

test('a profile of the project alone is chosen in the project’s file', async () => {
  stage.write('x5t.json', '{"profiles":{"proj":{}}}')
  stage.writeUserConfig('{"profiles":{"default":{}}}')
  const { code, stderr } = await stage.x5t(['config', 'use', 'proj'])
  assert.equal(code, 3)
  assert.match(stderr, /"proj" is one of this project alone\n {2}hint: x5t config use proj --project\n/)
  assert.equal((await stage.x5t(['config', 'use', 'proj', '--project'])).code, 0)
})

test('where the file names a profile that is nowhere, config list shows those there are', async () => {
  stage.writeUserConfig('{"profile":"gone","profiles":{"home":{}}}')
  const { stderr: refused } = await stage.x5t(['token'])
  assert.match(refused, /hint: x5t config list shows them/)
  const { code, stdout, stderr } = await stage.x5t(['config', 'list'])
  assert.deepEqual([code, stdout], [0, `  home  ${stage.userConfig}\n`])
  assert.match(stderr, /warning: there is no profile "gone" \(profile in .*\nnext: x5t config use NAME\n$/)
})
