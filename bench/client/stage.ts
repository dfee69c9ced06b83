import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { json } from 'node:stream/consumers'
import { generateCertificate, loadCredential } from 'x5t'
import type { Name, Setting } from './clients.ts'
import { medians, type Result } from './clock-work.ts'
import type { Job } from './measure.ts'

/** A token server, a key, and processes that trust and use them. */
export interface Stage {
  readonly setting: Setting
  readonly env: NodeJS.ProcessEnv
  /** A folder in which x5t is installed as it is published, and the others as they are. */
  readonly installed: string
}

const typescript = ['--import', './scripts/typescript.js']

/** Both live as long as `use` takes. */
export async function withStage(use: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-bench-'))
  const script = join(import.meta.dirname, 'token-server.ts')
  const server = spawn(process.execPath, [...typescript, script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(createInterface({ input: server.stdout }), 'line')
    const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'bench' })
    const path = join(folder, 'bench.pem')
    writeFileSync(path, privateKeyPem + certificatePem, { mode: 0o600 })
    const { thumbprintSha256Hex } = (await loadCredential({ path })).certificate
    const setting: Setting = { ...JSON.parse(line), path, thumbprintSha256Hex }
    execFileSync(process.execPath, [...typescript, 'scripts/stage-x5t.ts', join(folder, 'node_modules/x5t')])
    symlinkSync(join(import.meta.dirname, '../../node_modules/@azure'), join(folder, 'node_modules/@azure'))
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'server.pem') }
    await use({ setting, env, installed: folder })
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Does `task` for each of `names` in turn, each time in a process of its own, and gives the medians of the rounds. */
export async function measure<N extends Name>(
  { setting, env }: Stage,
  task: Job['task'],
  names: readonly N[],
  rounds: number,
): Promise<Record<N, Result>> {
  const results = new Map<N, Result[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, own] of results) own.push(await inOwnProcess({ task, name, setting }, env))
  }
  const entries = [...results].map(([name, own]) => [name, medians(own)])
  return Object.fromEntries(entries)
}

async function inOwnProcess(job: Job, env: NodeJS.ProcessEnv): Promise<Result> {
  const child = spawn(process.execPath, [...typescript, join(import.meta.dirname, 'measure.ts')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(job))
  // `measure.ts` writes this shape.
  return (await json(child.stdout)) as Result
}
