import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'

/** A newcomer, from an empty folder to a verified token: each command is copied from the `next:` line before it. */
const root = mkdtempSync(join(tmpdir(), 'x5t-five-'))
after(() => rmSync(root, { recursive: true, force: true }))

const folders = Object.fromEntries(['home', 'work', 'bin'].map((name) => [name, join(root, name)]))
for (const folder of Object.values(folders)) mkdirSync(folder)
const { home = '', work = '', bin = '' } = folders
writeFileSync(
  join(bin, 'x5t'),
  `#!/bin/sh\nexec '${process.execPath}' '${resolve('packages/cli/bin/x5t.js')}' "$@"\n`,
)
chmodSync(join(bin, 'x5t'), 0o755)
const env = { HOME: home, PATH: `${bin}:${process.env.PATH}` }

function shell(
  command: string,
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  return spawn('sh', ['-c', command], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

interface Typed {
  readonly command: string
  /** stdout, then stderr. */
  readonly lines: readonly string[]
}

const nextOf = (lines: readonly string[]) =>
  lines.map((line) => /^next(?:, in a second terminal)?: (x5t .*)$/.exec(line)?.[1]).findLast(Boolean)

async function type(command: string): Promise<Typed> {
  const child = shell(command)
  const ended = once(child, 'exit')
  const outputs = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  assert.equal(code, 0, `${command}\n${outputs.join('')}`)
  return { command, lines: outputs.join('').trimEnd().split('\n') }
}

test('from an empty folder to a verified token in at most seven commands, each from the line before, as the README has it', {
  skip: process.platform === 'win32' && 'no sh',
  timeout: 100_000,
}, async () => {
  // The one change: a port that is free here.
  const emulator = shell('exec x5t emulator --port 0')
  const ended = once(emulator, 'exit')
  const typed: Typed[] = []
  try {
    const said: string[] = []
    for await (const line of createInterface({ input: emulator.stderr })) {
      said.push(line)
      if (nextOf(said) !== undefined) break
    }
    typed.push({ command: 'x5t emulator', lines: said })
    while (!typed.at(-1)?.lines[0]?.startsWith('valid: ')) {
      const next = nextOf(typed.at(-1)?.lines ?? [])
      assert.ok(next !== undefined && typed.length < 7, JSON.stringify(typed, undefined, 2))
      typed.push(await type(next))
    }
    const port = /localhost:(\d+)/.exec(said.join())?.[1]
    const [call = '', ...before] = commandsAfterThat()
      .map((line) => line.replace('8443', String(port)))
      .reverse()
    for (const command of before) await type(command)
    assert.match((await type(call)).lines.join('\n'), /"@odata\.context".*"displayName":"demo-daemon"/s)
  } finally {
    emulator.kill('SIGTERM')
    await ended
  }
  assert.match(typed.at(-1)?.lines.join('\n') ?? '', /\n {2}ok {2}signature /)
  holdsAsWritten(typed)
})

/** The second run of the README, with the emulator of the first. */
function commandsAfterThat(): readonly string[] {
  const [, block = ''] = /^```\n\n```console\n([\s\S]*?)^```/m.exec(readFileSync('README.md', 'utf8')) ?? []
  return [...block.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command)
}

/** In the README `…` stands for what differs from run to run, and a line of it for lines. */
function holdsAsWritten(typed: readonly Typed[]): void {
  const [block = ''] = /^\$ x5t emulator\n[\s\S]*?(?=```)/m.exec(readFileSync('README.md', 'utf8')) ?? []
  const actual = typed.flatMap(({ command, lines }) => [`$ ${command}`, ...lines]).join('\n')
  const pattern = block
    .trimEnd()
    .split('\n')
    .map((line) =>
      line === '…'
        ? '(?:.*\\n)*?.*'
        : line
            .split('…')
            .map((part) => part.replace(/[^\w\s]/g, '\\$&'))
            .join('.*'),
    )
    .join('\\n')
  assert.match(`${actual}\n`, new RegExp(`^${pattern}\\n`), 'the README shows another run')
}
