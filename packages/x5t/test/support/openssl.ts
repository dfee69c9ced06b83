import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const path = mkdtempSync(join(tmpdir(), 'x5t-test-'))
process.once('exit', () => rmSync(path, { recursive: true }))

/** A folder for the files of one process, a test or a benchmark; it goes when that ends. */
export const folder = {
  path: (name: string) => join(path, name),
  write(name: string, content: string | Uint8Array): string {
    writeFileSync(join(path, name), content, { mode: 0o600 })
    return join(path, name)
  },
}

/** Runs OpenSSL, our oracle, in that folder; throws when it refuses. Its stdout is the result. */
export function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Test options: skips where there is no OpenSSL 3. */
export const skipWithoutOpenssl = { skip: hasOpenssl() ? false : 'needs OpenSSL 3: apt-get install openssl' }

function hasOpenssl(): boolean {
  try {
    return openssl('version').startsWith('OpenSSL 3')
  } catch {
    return false
  }
}
