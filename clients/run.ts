/** `npm run clients`: installs them as locked, where that has not been done yet, and runs all, or those of a word. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname
const [word] = process.argv.slice(2)

const installed = join(folder, 'node_modules', '.package-lock.json')
const modified = (path: string) => statSync(path).mtimeMs
if (!existsSync(installed) || modified(installed) < modified(join(folder, 'package-lock.json'))) {
  const { status } = spawnSync('npm', ['ci', '--silent'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'))
const { status } = spawnSync(
  process.execPath,
  [
    '--import',
    './scripts/typescript.js',
    '--test',
    '--test-concurrency',
    '1',
    '--test-reporter',
    'spec',
    ...files.map((file) => join('clients', file)),
  ],
  { cwd: join(folder, '..'), stdio: 'inherit', env: { ...process.env, X5T_CLIENT: word } },
)
process.exitCode = status ?? 1
