/** Runs every test file, or those whose path contains one of the given words: `npm test -- verify`. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const folders = [
  'packages/x5t/test',
  'packages/emulator/test',
  'packages/broker/test',
  'packages/cli/test',
  'test',
]
const words = process.argv.slice(2)

const files = folders
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()

const runner = spawn(
  process.execPath,
  [
    ...['--import', './scripts/typescript.js', '--test', '--test-timeout', '120000', '--test-reporter', 'spec'],
    // Node leaves a core to its runner, which mostly waits: of two cores one would idle.
    ...['--test-concurrency', String(availableParallelism())],
    ...files,
  ],
  { stdio: 'inherit' },
)
runner.on('exit', (code) => {
  process.exitCode = code ?? 1
})
