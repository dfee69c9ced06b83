/** Runs every test file, or those whose path contains one of the given words: `npm test -- verify`. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { javascriptOf } from './typescript-hook.js'

const folders = [
  'packages/x5t/test',
  'packages/emulator/test',
  'packages/broker/test',
  'packages/cli/test',
  'test',
]
/** They mostly wait for processes and browsers: begun last, they would end alone. */
const slow = ['portal/browser', 'test/readme', 'acceptance/terminal', 'doctor/doctor', 'test/packages']
const words = process.argv.slice(2)

const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
)
const isSlow = (file: string) => slow.some((part) => file.includes(part))
const files = sources
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)) || a.localeCompare(b))
if (files.length === 0) throw new Error(`no test file has ${words.join(' or ')} in its path`)

// All at once, or each process would start the compiler for its own.
await Promise.all(sources.map((file) => javascriptOf(resolve(file))))

process.env.X5T_TEST_KEYS = mkdtempSync(join(tmpdir(), 'x5t-test-keys-'))
process.on('exit', () => rmSync(process.env.X5T_TEST_KEYS ?? '', { recursive: true, force: true }))
// By themselves they end the process without that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

// The processes of the files take the `--import` of this one.
run({
  files: files.map((file) => resolve(file)),
  // Node leaves a core to its runner, which mostly waits: of two cores one would idle.
  concurrency: availableParallelism(),
  timeout: 120_000,
})
  .on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1
  })
  .compose(new spec())
  .pipe(process.stdout)
