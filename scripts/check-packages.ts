/** What publint and attw say of each package as it would be published. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const staged = mkdtempSync(join(tmpdir(), 'x5t-staged-'))
process.on('exit', () => rmSync(staged, { recursive: true, force: true }))
execFileSync(process.execPath, ['--import', './scripts/typescript.js', 'scripts/stage-x5t.ts', staged], {
  stdio: 'inherit',
})
const placeOf = (name: string) => (name === 'x5t' ? staged : `packages/${name}`)

for (const name of ['x5t', 'emulator', 'broker', 'cli']) {
  const { messages, pkg } = await publint({ pkgDir: placeOf(name), level: 'warning', pack: 'npm' })
  for (const message of messages) process.stdout.write(`${name}: ${formatMessage(message, pkg)}\n`)
  if (messages.length > 0) process.exitCode = 1
}

/** The command line has no types to look at. */
for (const name of ['x5t', 'emulator', 'broker']) {
  const attw = [
    '--no-install',
    'attw',
    '--pack',
    placeOf(name),
    '--profile',
    'esm-only',
    '--format',
    'table-flipped',
  ]
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  try {
    execFileSync(npx, attw, { stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    process.stdout.write(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error))
    process.exitCode = 1
  }
}
