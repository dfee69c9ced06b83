/** The client beside the newest official libraries and beside the floor, interleaved, medians of a few rounds. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { json } from 'node:stream/consumers'
import { generateCertificate, loadCredential } from 'x5t'
import type { Name, Setting } from './clients.ts'
import type { Job } from './measure.ts'

interface Row {
  readonly task: Job['task']
  readonly what: string
  readonly unit: string
  readonly names: readonly Name[]
  readonly rounds: number
}

const all = ['x5t', 'msal', 'identity', 'bare'] as const
const rows: readonly Row[] = [
  {
    task: 'hit1',
    what: 'remembered token, 1 entry (bare: Map and promise)',
    unit: 'us CPU',
    names: all,
    rounds: 3,
  },
  { task: 'hit1000', what: 'remembered token, 1,000 entries', unit: 'us CPU', names: all, rounds: 1 },
  {
    task: 'hit100000',
    what: 'remembered token, 100,000 entries',
    unit: 'us CPU',
    names: ['x5t', 'bare'],
    rounds: 1,
  },
  {
    task: 'herd',
    what: '1,000 callers on a cold cache',
    unit: 'ms',
    names: ['x5t', 'msal', 'identity'],
    rounds: 3,
  },
  {
    task: 'stale',
    what: 'past refreshAt, service takes 500 ms',
    unit: 'ms',
    names: ['x5t', 'msal', 'identity'],
    rounds: 1,
  },
  { task: 'first', what: 'process start to first token', unit: 'ms', names: all, rounds: 7 },
  { task: 'each1', what: 'acquisitions per second, 1 in flight', unit: '/s', names: all, rounds: 3 },
  { task: 'each64', what: 'acquisitions per second, 64 in flight', unit: '/s', names: all, rounds: 3 },
  {
    task: 'assertions',
    what: 'PS256 assertions per CPU second (bare: crypto.sign)',
    unit: '/s',
    names: ['x5t', 'bare'],
    rounds: 5,
  },
]

const tsx = ['--import', 'tsx']

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-bench-'))
  const server = spawn(process.execPath, [...tsx, join(import.meta.dirname, 'token-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(createInterface({ input: server.stdout }), 'line')
    const { url, caPem } = JSON.parse(line)
    const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'bench' })
    const path = join(folder, 'bench.pem')
    writeFileSync(path, privateKeyPem + certificatePem, { mode: 0o600 })
    writeFileSync(join(folder, 'ca.pem'), caPem)
    const { thumbprintSha256Hex } = (await loadCredential({ path })).certificate
    const setting = { url, path, thumbprintSha256Hex }
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
    process.stdout.write(`Node ${process.version}; medians; ratio = x5t to the other\n\n`)
    for (const row of rows) process.stdout.write(`${await measureRow(row, setting, env)}\n`)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureRow(
  { task, what, unit, names, rounds }: Row,
  setting: Setting,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const results = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results.get(name)?.push(await measure({ task, name, setting }, env))
  }
  const own = median(results.get('x5t') ?? [])
  const columns = names.map((name) => {
    const value = median(results.get(name) ?? [])
    const ratio = name === 'x5t' ? '' : ` (${(own / value).toFixed(own / value < 0.1 ? 4 : 2)})`
    return `${name} ${value.toFixed(value < 10 ? 2 : 0)}${ratio}`
  })
  return `${what}, ${unit}\n  ${columns.join('   ')}`
}

async function measure(job: Job, env: NodeJS.ProcessEnv): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [...tsx, join(import.meta.dirname, 'measure.ts')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin?.end(JSON.stringify(job))
  const value = child.stdout === null ? Number.NaN : await json(child.stdout)
  return Number(value)
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
