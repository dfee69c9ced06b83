import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * `npm run bench -- cli`: what a command of the command line costs above bare Node, wall and CPU, runs interleaved. The
 * files are those that are published; `npm run build` writes no others.
 */
const runs = Number(process.env.RUNS ?? 25)
const bin = resolve('packages/cli/bin/x5t.js')

/** Loaded before the program: writes the CPU time of the whole process, all threads, when it ends. */
const meter = `
const { writeFileSync } = require('node:fs')
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(process.env.X5T_BENCH_CPU, String((user + system) / 1000))
})`

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-bench-'))
  const env = { PATH: process.env.PATH, HOME: folder, X5T_BENCH_CPU: join(folder, 'cpu') }
  const x5t = (...words: string[]) => [bin, ...words]
  const emulator = spawn(process.execPath, x5t('emulator', '--http', '--port', '0', '--json'), {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(createInterface({ input: emulator.stdout }), 'line')
    writeFileSync(join(folder, 'meter.cjs'), meter)
    const runOnce = (words: readonly string[]) => {
      const startedAt = performance.now()
      const options = { cwd: folder, env, encoding: 'utf8' } as const
      const { status, stderr } = spawnSync(process.execPath, ['-r', './meter.cjs', ...words], options)
      if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
      return { wall: performance.now() - startedAt, cpu: Number(readFileSync(env.X5T_BENCH_CPU, 'utf8')) }
    }
    runOnce(x5t('init', '--emulator', '--unencrypted-key', '--insecure'))
    runOnce(x5t('token'))
    const cases = {
      'node -e 0': ['-e', '0'],
      'x5t token, from the disk': x5t('token'),
      'x5t token --no-cache, service on loopback': x5t('token', '--no-cache'),
      'x5t token --help': x5t('token', '--help'),
      // Loads each command for its summary: no help is dearer.
      'x5t --help': x5t('--help'),
      'x5t config show': x5t('config', 'show'),
    }
    const measured = Object.entries(cases).map(([name, words]) => ({ name, words, wall: [0], cpu: [0] }))
    for (const one of measured) one.wall.length = one.cpu.length = 0
    for (let index = 0; index < runs; index++) {
      for (const one of measured) {
        const { wall, cpu } = runOnce(one.words)
        one.wall.push(wall)
        one.cpu.push(cpu)
      }
    }
    const [bare] = measured
    process.stdout.write(`node ${process.version}, best of ${runs} interleaved runs, milliseconds\n`)
    for (const { name, wall, cpu } of measured) {
      const cell = (values: number[], base: number[] = []) =>
        `${best(values).toFixed(0).padStart(4)} (+${(best(values) - best(base)).toFixed(0)})`.padEnd(14)
      process.stdout.write(`${name.padEnd(43)} wall ${cell(wall, bare?.wall)} CPU ${cell(cpu, bare?.cpu)}\n`)
    }
  } finally {
    emulator.kill('SIGTERM')
    await once(emulator, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The load of the machine only adds, so the least is nearest to the truth. */
function best(values: readonly number[]): number {
  return Math.min(...values)
}
