import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'

/** The README's blocks: the workflow is typed as it stands there, the code is compiled against the real types. */
const readme = readFileSync('README.md', 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, body = '']) => body,
  )

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-readme-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

test('the README is short', () => {
  assert.ok(readme.split('\n').length <= 150)
})

test('the files it points to exist', () => {
  for (const [, path = ''] of readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) readFileSync(path)
})

/** A clone's folder: the same package.json, and the packages where it expects them. */
function cloneInto(place: string): void {
  // Newer ones would have everything built again, under the feet of the tests that run beside this one.
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.base.json'])
    cpSync(name, join(place, name), { preserveTimestamps: true })
  for (const name of ['packages', 'node_modules', 'scripts'])
    symlinkSync(resolve(name), join(place, name), 'junction')
}

test('the original workflow, typed from the README, ends in a token', { timeout: 100_000 }, async () => {
  cloneInto(folder)
  const env = {
    ...process.env,
    XDG_DATA_HOME: join(folder, 'data'),
    LOCALAPPDATA: join(folder, 'data'),
    HOME: folder,
  }
  const [install = '', steps = ''] = blocks('sh')
  assert.equal(install.trim(), 'npm install\nnpm run emulator')
  const [command = '', ...words] = (install.trim().split('\n')[1] ?? '').split(' ')
  const emulator = spawn(command, ['--silent', ...words, '--', '--port', '0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: emulator.stdout })) {
      lines.push(line)
      if (line.startsWith('NODE_EXTRA_CA_CERTS=')) break
    }
    writeFileSync(join(folder, '.env'), lines.join('\n'))
    let output = ''
    for (const step of steps.trim().split('\n')) {
      const [program = '', ...rest] = step.split(' ')
      output = execFileSync(program, rest, {
        cwd: folder,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    }
    assert.match(output, /AAD Response: \{\s+token_type: 'Bearer',\s+expires_in: '\d+'/)
    assert.match(readFileSync(join(folder, 'nodeconfig.json'), 'utf8'), /"x5t#S256"/)
  } finally {
    await stop(emulator)
  }
})

/** npm starts a shell that starts Node: all of them are one process group. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  await ended
}

test('its TypeScript compiles against the packages', () => {
  const preamble = [
    'declare class BlobServiceClient { constructor(url: string, credential: { getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null> }) }',
    'declare const url: string, tenant: string, token: string, certificatePem: string',
  ].join('\n')
  const place = mkdtempSync(join('packages', 'cli', 'readme-'))
  try {
    for (const [index, block] of blocks('ts').entries()) {
      writeFileSync(join(place, `block${index}.ts`), `${preamble}\n${block}\nexport {}\n`)
    }
    const config = {
      extends: '../../../tsconfig.base.json',
      compilerOptions: { composite: false, declaration: false, noEmit: true },
      include: ['*.ts'],
    }
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config))
    execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', place], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})
