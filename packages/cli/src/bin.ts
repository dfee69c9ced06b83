import { homedir } from 'node:os'
import { styleText } from 'node:util'
import type { Io, StopSignal } from './io.ts'
import { run } from './main.ts'

/**
 * The process around the command line. It never calls `process.exit`: what was written must reach a slow reader, so
 * the exit code is set and the handles let go.
 */
const { stdout, stderr, platform } = process

/**
 * Programs that are started, and Node's reports of a crash, get the environment without its secrets. Windows knows a
 * variable in any case, a copy of the environment in one.
 */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).map(([name, value]) => [
    platform === 'win32' ? name.toUpperCase() : name,
    value,
  ]),
)
const secrets = [
  'X5T_PASSPHRASE',
  'X5T_KEY',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_CLIENT_SECRET',
  'X5T_CLIENT_SECRET',
  'CLIENT_SECRET',
  'PASSPHRASE',
]
for (const name of secrets) delete process.env[name]

const io: Io = {
  // On use: Node takes 5 ms to open it, and few commands read it.
  get stdin() {
    return process.stdin
  },
  stdout,
  stderr,
  env,
  folder: process.cwd(),
  homeFolder: homedir,
  platform,
  now: Date.now,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  untilStopped: () =>
    new Promise<StopSignal>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
    }),
  ask: async (question, options) => (await import('./ask.ts')).ask(question, options),
  // Knows NO_COLOR, FORCE_COLOR, TERM and whether stderr is a terminal.
  style: (style, text) => styleText(style, text, { stream: stderr }),
}

const argv = process.argv.slice(2)
let answered = false
let lost = false
/** `x5t … | head -1` is no failure of ours; a disk that is full is one, for the answer did not arrive. */
stdout.on('error', async ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || lost) return
  lost = true
  process.exitCode = (await import('./lost-answer.ts')).sayLost(code, argv, io)
})
/** Where errors cannot be said, the exit code has to do. */
stderr.on('error', () => {})

process.exitCode = 1
process.once('exit', () => {
  if (!answered) stderr.write('x5t: error: ended without an answer; this is a bug\n')
})
run(argv, io).then((code) => {
  answered = true
  if (!lost) process.exitCode = code
})
