import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newFolder, open } from './folders.ts'

/** Processes that end amid their work, and what they leave behind. */

test('the lock of a process that is gone is taken over, that of a living one is not', () => {
  const folder = newFolder()
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  const stale = [
    JSON.stringify({ pid: gone }),
    JSON.stringify({ pid: process.pid, started: 'another boot 1' }),
    '{',
    '{"pid":-1}',
  ]
  for (const lock of process.platform === 'linux' ? stale : stale.filter((text) => !text.includes('boot'))) {
    writeFileSync(join(folder, 'lock'), lock)
    open(folder).close()
  }
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid }))
  assert.throws(() => open(folder), { name: 'DataFolderError' })
})

test('a process that was killed and that nobody has taken note of holds no lock', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = newFolder()
  // The shell becomes a program that does not wait for the child it has; containers often have such a first process.
  const parent = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => parent.kill())
  const [line] = await once(parent.stdout, 'data')
  const child = Number(line)
  const stat = (pid: number | undefined) => readFileSync(`/proc/${pid}/stat`, 'utf8')
  while (!stat(parent.pid).includes('(sleep)')) await new Promise(setImmediate)
  process.kill(child, 'SIGKILL')
  while (stat(child).split(') ')[1]?.[0] !== 'Z') await new Promise(setImmediate)
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child }))
  open(folder).close()
})

test('killed at any moment, a folder opens again with every change that was told of', {
  timeout: 60_000,
}, async (t) => {
  const folder = newFolder()
  const told: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(
      process.execPath,
      [
        '--import',
        './scripts/typescript.js',
        'packages/emulator/test/state/writer-child.ts',
        folder,
        `${round}`,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    t.after(() => child.kill('SIGKILL'))
    const enough = 1 + round * 7
    let heard = ''
    for await (const chunk of child.stdout) {
      heard += chunk
      // From then on it is amid one write or the next.
      if (heard.split('\n').length > enough) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    assert.equal(child.signalCode, 'SIGKILL')
    told.push(...heard.split('\n').slice(0, -1))

    const state = open(folder)
    const [tenant] = state.directory.tenants()
    assert.ok(tenant)
    const there = new Set(state.directory.applicationsOf(tenant).map(({ name }) => name))
    assert.deepEqual(
      told.filter((name) => !there.has(name)),
      [],
    )
    // One more at most: written, but not told of yet.
    assert.ok(there.size - told.length <= round + 1)
    state.close()
    assert.deepEqual(readdirSync(folder), ['state.json'])
  }
})
