import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { after, before, mock, test } from 'node:test'
import { leaseFile } from '../../../src/cache/file/lease-file.ts'
import type { Lease } from '../../../src/cache/store.ts'
import { deferred, settled } from '../../support/deferred.ts'

/** Files in memory, each step of which one can be kept waiting for. */
const disk = new Map<string, string>()
const running = new AsyncLocalStorage<Actor>()
const path = '/lease'
const ttlMs = 30_000
let now = 0

interface Actor {
  /** How many steps it may take before it stops. */
  steps: number
  readonly resumed: ReturnType<typeof deferred<void>>
  stopped: boolean
}

const fail = (code: string) => {
  throw Object.assign(new Error(code), { code })
}
const make = (name: string, content: string) =>
  disk.has(name) ? fail('EEXIST') : void disk.set(name, content)
const read = (name: string) => disk.get(name) ?? fail('ENOENT')
const steps: Record<string, (...words: never[]) => unknown> = {
  writeFile: make,
  link: (from: string, to: string) => make(to, read(from)),
  readFile: read,
  rename(from: string, to: string) {
    disk.set(to, read(from))
    disk.delete(from)
  },
  rm: (name: string) => disk.delete(name),
}

before(() => {
  for (const [name, step] of Object.entries(steps)) {
    const stepped = async (...words: never[]) => {
      const actor = running.getStore()
      if (actor !== undefined && actor.steps-- === 0) {
        actor.stopped = true
        await actor.resumed.promise
      }
      return step(...words)
    }
    mock.method(files, name as never, stepped as never) // of the name asked for
  }
  syncBuiltinESMExports()
})
after(() => {
  mock.restoreAll()
  syncBuiltinESMExports()
})

type Work = () => Promise<Lease | undefined>

/** Starts the work and lets it go as far as it may. */
async function begin(work: Work, steps: number) {
  const actor: Actor = { steps, resumed: deferred(), stopped: false }
  let got: Lease | undefined
  running.run(actor, work).then((lease) => {
    got = lease
  })
  await settled()
  return {
    wasStopped: () => actor.stopped,
    holds: () => got !== undefined,
    async goOn() {
      actor.resumed.resolve()
      await settled()
    },
  }
}

const take: Work = () => leaseFile(path, ttlMs, () => now)
const orders = ['first second third', 'second first third', 'third first second', 'third second first'].map(
  (order) => order.split(' '),
)
orders.push('first third second'.split(' '), 'second third first'.split(' '), ['second', 'third'])

/** Two stop at some step each, and go on in every order, one maybe never; a third comes before, between or after. */
async function everySchedule(
  parts: (release: Work) => readonly [first: Work, second: Work],
  check: (holders: number, told: string) => void,
): Promise<void> {
  for (const order of orders) {
    for (let i = 0, ended = false; !ended; i++) {
      for (let j = 0, secondEnded = false; !secondEnded; j++) {
        disk.clear()
        now = 1_000_000
        const held = await take()
        const [one, other] = parts(async () => {
          await held?.release()
          return undefined
        })
        now += ttlMs - 1
        const first = await begin(one, i)
        now += 2
        const second = await begin(other, j)
        const actors = [first, second]
        for (const name of order) {
          if (name === 'first') await first.goOn()
          else if (name === 'second') await second.goOn()
          else actors.push(await begin(take, Number.POSITIVE_INFINITY))
        }
        actors.push(await begin(take, Number.POSITIVE_INFINITY))
        check(actors.filter((actor) => actor.holds()).length, `${order} after ${i} and ${j} steps`)
        now += ttlMs + 1
        const later = await begin(take, Number.POSITIVE_INFINITY)
        assert.ok(later.holds(), `nobody gets it any more: ${order} after ${i} and ${j} steps`)
        ended = !first.wasStopped()
        secondEnded = !second.wasStopped()
      }
    }
  }
}

const cases: Record<string, (release: Work) => readonly [Work, Work]> = {
  'is given back as its time ends, and taken over': (release) => [release, take],
  'is taken over, and given back late': (release) => [take, release],
  'is taken over by several': () => [take, take],
  'is tidied away, and taken over': () => [
    async () => {
      await (await take())?.release()
      return undefined
    },
    take,
  ],
}
for (const [what, parts] of Object.entries(cases)) {
  test(`a lease that ${what} has one holder at most, wherever two of them stop for a while`, async () => {
    await everySchedule(parts, (holders, told) => assert.ok(holders <= 1, `${holders} hold it: ${told}`))
  })
}
