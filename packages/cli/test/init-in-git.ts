import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { demo } from '@x5t/emulator'
import { createStage } from './support/stage.ts'

/** What `x5t init --project` does so that git never takes a key. */
const stage = createStage()
after(() => stage.remove())
afterEach(() => stage.empty())

const clientId = demo.appId
const initProject = (...more: string[]) => {
  const named = ['--tenant', 'contoso.onmicrosoft.com', '--client-id', clientId]
  return stage.x5t(['init', '--project', ...named, '--unencrypted-key', '--insecure', ...more])
}

const git = (...argv: string[]) =>
  execFileSync('git', argv, { cwd: stage.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

test('--project writes beside the work, and git takes the configuration and never the key', async () => {
  git('init', '-q')
  const { code, stdout, stderr } = await initProject()
  assert.equal(code, 0, stderr)
  assert.match(stdout, /x5t\.json: profile default\nwrote \S+\.gitignore: git ignores the folder\n$/)
  assert.equal(git('status', '--porcelain', '--untracked-files=all'), '?? x5t.json\n')
  assert.deepEqual(JSON.parse(stage.read('x5t.json')).profiles.default, {
    tenant: 'contoso.onmicrosoft.com',
    clientId,
    certificate: '.x5t/default/default.crt',
    key: '.x5t/default/default.key',
    authority: 'https://login.microsoftonline.com',
  })
  git('add', '-A')
  assert.equal(git('ls-files'), 'x5t.json\n')
})

test('where git tracks the key’s file already, it stops before anything is written', async () => {
  git('init', '-q')
  mkdirSync(join(stage.folder, '.x5t', 'default'), { recursive: true })
  stage.write('.x5t/default/default.key', 'old')
  git('add', '-f', '.x5t/default/default.key')
  const { code, stderr } = await initProject('--force')
  assert.equal(code, 3)
  assert.match(stderr, /git tracks \.x5t\/default\/default\.key[\s\S]*rm --cached[\s\S]*ERR_KEY_TRACKED/)
  assert.equal(stage.read('.x5t/default/default.key'), 'old')
  assert.deepEqual(stage.files(), ['.git', '.x5t'])
})

test('where git cannot say whether it tracks the key, it stops before anything is written', async () => {
  git('init', '-q')
  stage.write('.git/index', 'broken')
  const { code, stderr } = await initProject()
  assert.equal(code, 3)
  assert.match(
    stderr,
    /git cannot say whether it takes \.x5t\/default\/default\.key: .*index[\s\S]*status[\s\S]*ERR_KEY_TRACKED/,
  )
  assert.deepEqual(stage.files(), ['.git'])
})

test('a folder .git that is no repository keeps nothing from being written', async () => {
  mkdirSync(join(stage.folder, '.git'))
  const { code, stderr } = await initProject()
  assert.equal(code, 0, stderr)
})

test('where a .gitignore that is there lets the key through, it stops before anything is written', async () => {
  git('init', '-q')
  mkdirSync(join(stage.folder, '.x5t', 'default'), { recursive: true })
  stage.write('.x5t/default/.gitignore', '*.crt\n')
  const { code, stderr } = await initProject()
  assert.equal(code, 3)
  assert.match(
    stderr,
    /git does not ignore \.x5t\/default\/default\.key[\s\S]*\.gitignore[\s\S]*ERR_KEY_TRACKED/,
  )
  assert.deepEqual(readdirSync(join(stage.folder, '.x5t', 'default')), ['.gitignore'])
  stage.write('.x5t/default/.gitignore', '*.crt\n*.key\n')
  assert.equal((await initProject()).code, 0)
})
