/** One measurement in a process of its own: `{ task, name, setting }` by stdin, one JSON number or object by stdout. */
import { constants, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { contestants, type GetToken, type Name, type Setting } from './clients.ts'

export interface Job {
  readonly task: keyof typeof tasks
  readonly name: Name
  readonly setting: Setting
}

const cpuMicros = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

const tasks = {
  /** CPU microseconds for a token that is remembered, with `entries` remembered in all. */
  hit1: (name: Name, setting: Setting) => hits(name, setting, 1),
  hit1000: (name: Name, setting: Setting) => hits(name, setting, 1_000),
  hit100000: (name: Name, setting: Setting) => hits(name, setting, 100_000),

  /** Milliseconds until the first token; the process's own start is counted by whoever starts it. */
  async first(name: Name, setting: Setting) {
    await (await contestants[name](setting))('https://graph.microsoft.com/.default')
    return performance.now()
  },

  /** Milliseconds for a thousand callers at once on a cold cache. */
  async herd(name: Name, setting: Setting) {
    const getToken = await contestants[name](setting)
    const start = performance.now()
    await Promise.all(Array.from({ length: 1_000 }, () => getToken('https://graph.microsoft.com/.default')))
    return performance.now() - start
  },

  /** Milliseconds a caller waits for a token that is due for a refresh, at a service that takes 500 ms. */
  async stale(name: Name, setting: Setting) {
    const getToken = await contestants[name](setting, 'slow.example')
    await getToken('a/.default')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const start = performance.now()
    await getToken('a/.default')
    return performance.now() - start
  },

  each1: (name: Name, setting: Setting) => perSecond(name, setting, 1),
  each64: (name: Name, setting: Setting) => perSecond(name, setting, 64),

  async assertions(name: Name, { path }: Setting) {
    const { createClientAssertion, loadCredential } = await import('x5t')
    const credential = await loadCredential({ path })
    const key = createPrivateKey(readFileSync(path))
    const data = Buffer.alloc(600)
    const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const work =
      name === 'x5t'
        ? () =>
            createClientAssertion({
              credential,
              clientId: 'app',
              audience: 'https://login.example',
              now: Date.now(),
            })
        : () => promisify(sign)('sha256', data, options)
    for (let n = 0; n < 50; n++) await work()
    const start = cpuMicros()
    for (let n = 0; n < 1_000; n++) await work()
    return 1_000 / ((cpuMicros() - start) / 1e6)
  },
}

async function hits(name: Name, setting: Setting, entries: number): Promise<number> {
  const getToken = name === 'bare' ? mapLookup(entries) : await contestants[name](setting)
  for (let n = 0; n < entries; n += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, entries - n) }, (_, at) => getToken(`api${n + at}/.default`)),
    )
  }
  const scopes = Array.from(
    { length: Math.min(entries, 1_000) },
    (_, n) => `api${Math.floor((n * entries) / 1_000)}/.default`,
  )
  const rounds = name === 'x5t' || name === 'bare' ? 200_000 : 100
  for (let n = 0; n < rounds / 10; n++) await getToken(scopes[n % scopes.length] ?? '')
  const start = cpuMicros()
  for (let n = 0; n < rounds; n++) await getToken(scopes[n % scopes.length] ?? '')
  return (cpuMicros() - start) / rounds
}

/** The floor of a hit: a Map and a promise. */
function mapLookup(entries: number): GetToken {
  const known = new Map(
    Array.from({ length: entries }, (_, n) => [`api${n}/.default`, Promise.resolve({ n })]),
  )
  return (scope) => known.get(scope) ?? Promise.reject(new Error('unknown'))
}

/** Acquisitions per second, each of another scope, so that nothing is remembered. */
async function perSecond(name: Name, setting: Setting, inFlight: number): Promise<number> {
  const getToken = await contestants[name](setting)
  let next = 0
  const worker = async (until: number) => {
    while (next < until) await getToken(`api${next++}/.default`)
  }
  const go = (until: number) => Promise.all(Array.from({ length: inFlight }, () => worker(until)))
  await go(100)
  const start = performance.now()
  await go(1_100)
  return 1_000 / ((performance.now() - start) / 1_000)
}

const { task, name, setting }: Job = JSON.parse(await text(process.stdin))
process.stdout.write(JSON.stringify(await tasks[task](name, setting)))
