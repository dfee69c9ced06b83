import type { Name } from './clients.ts'
import { inTurns, type Result } from './clock-work.ts'
import { firstToken } from './first-token.ts'
import { atLeast, atMost, beside, row } from './report.ts'
import { measure, type Stage } from './stage.ts'

/** The rows of the table, by the words that choose them on the command line. */
export const rows: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  hits,
  herd,
  refresh,
  start,
  uncached,
  assertions,
}

const theirs = ['msal', 'identity'] as const
const everyone = ['x5t', ...theirs] as const

async function hits(stage: Stage): Promise<void> {
  const { x5t: own } = await measure(stage, 'ownHits', ['x5t'], 1)
  for (const [entries, bar] of [['1', 2] as const, ['100000', 6] as const]) {
    const value = valuesOf(own, entries)
    const x5t = value('x5t')
    row(`cached token, ${entries} entries: CPU`, `${x5t.toFixed(2)} us`, atMost(x5t, bar, 'us'))
    const what = `  beside a Map lookup plus promise, ${value('map').toFixed(2)} us`
    row(what, ...beside(value('x5t / map'), atMost, 3))
  }
  const results = await measure(stage, 'theirHits', theirs, 3)
  for (const name of theirs) {
    const all = Object.entries(results[name]).map(([entries, us]) => `${us.toFixed(0)} us at ${entries}`)
    row(`  ${name}, CPU by entries`, all.join(', '))
  }
}

async function herd(stage: Stage): Promise<void> {
  const results = await measure(stage, 'herd', everyone, 3)
  for (const name of everyone) {
    const { thousand = Number.NaN, one, requests = 0, connections, failed } = results[name]
    const { 'thousand / one': ratio = Number.NaN } = results[name]
    const seen = `${requests} requests, ${connections} connections, ${failed} failed`
    row(`1,000 cold callers, ${name}: ${seen}`, `${thousand.toFixed(0)} ms`)
    if (one === undefined) continue
    row('  requests', `${requests}`, atMost(requests, 1))
    row(`  beside one caller, ${one.toFixed(1)} ms`, ...beside(ratio, atMost, 1.2))
  }
}

async function refresh(stage: Stage): Promise<void> {
  const results = await measure(stage, 'stale', everyone, 3)
  for (const name of everyone) {
    const { one = Number.NaN, hundred = Number.NaN, refreshes = Number.NaN } = results[name]
    const what = `past refreshAt, service takes 500 ms, ${name}: 1 caller, then 100; ${refreshes} requests`
    row(what, `${one.toFixed(1)} ms, ${hundred.toFixed(1)} ms`)
    if (name !== 'x5t') continue
    row('  the first caller waits', `${one.toFixed(2)} ms`, atMost(one, 1, 'ms'))
    row('  requests', `${refreshes}`, atMost(refreshes, 1))
  }
}

async function start(stage: Stage): Promise<void> {
  const first = (name: Name) => () => firstToken(name, stage)
  const works = { x5t: first('x5t'), bare: first('bare') }
  const own = await inTurns(101, works, [['x5t', 'bare']])
  const { x5t = 0, bare = 0, 'x5t / bare': ratio = Number.NaN } = own
  const { msal = 0, identity = 0 } = await inTurns(5, { msal: first('msal'), identity: first('identity') })
  const what = `process start to first token: x5t ${x5t.toFixed(0)} ms, bare ${bare.toFixed(0)} ms`
  row(what, ...beside(ratio, atMost, 1.15))
  row('  msal, identity', `${msal.toFixed(0)} ms, ${identity.toFixed(0)} ms`)
}

async function uncached(stage: Stage): Promise<void> {
  const { x5t: own } = await measure(stage, 'ownAcquisitions', ['x5t'], 1)
  const results = await measure(stage, 'theirAcquisitions', theirs, 3)
  for (const inFlight of [1, 64]) {
    const value = valuesOf(own, inFlight)
    const [x5t, bare] = [value('x5t').toFixed(0), value('bare').toFixed(0)]
    const what = `uncached per second, ${inFlight} in flight: x5t ${x5t}, bare ${bare}`
    row(what, ...beside(value('x5t / bare'), atLeast, 0.85))
    row('  msal, identity', theirs.map((name) => results[name][inFlight]?.toFixed(0)).join(', '))
  }
}

async function assertions(stage: Stage): Promise<void> {
  const { x5t: own } = await measure(stage, 'assertions', ['x5t'], 1)
  for (const algorithm of ['PS256', 'RS256']) {
    const value = valuesOf(own, algorithm)
    const [x5t, sign] = [value('x5t').toFixed(0), value('sign').toFixed(0)]
    const what = `${algorithm} assertions per CPU second: x5t ${x5t}, crypto.sign ${sign}`
    row(what, ...beside(value('x5t / sign'), atLeast, 0.9))
    const [cores, signCores] = [value('x5t cores').toFixed(1), value('sign cores').toFixed(1)]
    const inUse = `  cores in use, 512 in flight: x5t ${cores}, crypto.sign ${signCores}`
    row(inUse, ...beside(value('x5t cores / sign cores'), atLeast, 0.9))
  }
}

/** The values of one part of a measurement, by the names they had before `ofPart`. */
function valuesOf(named: Result, part: string | number): (name: string) => number {
  return (name) => named[`${name} ${part}`] ?? Number.NaN
}
