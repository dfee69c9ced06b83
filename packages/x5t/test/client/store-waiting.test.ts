import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, type TestContext, test } from 'node:test'
import { type Client, type ClientOptions, createClient, type Store, type X5tError } from '../../src/index.ts'
import { newCredential } from '../support/credential.ts'
import { settled } from '../support/deferred.ts'
import { storeIn } from '../support/memory-store.ts'
import { type Answering, granted, refused, tokenService } from '../support/token-service.ts'

/** How clients that share a store wait for one of them. */

const scope = 'api/.default'
const { certificate, signer } = await newCredential()

let said: { outcome: string; error?: unknown }[]
let retries: number
const listen = (message: unknown) => said.push(message as (typeof said)[number]) // docs/events.md
const countRetry = (message: unknown) => {
  const { error } = message as { error: X5tError } // as above
  if (error.code !== 'ERR_TIMEOUT') retries++ // as of a silent service
}
beforeEach(() => {
  said = []
  retries = 0
  subscribe('x5t:store', listen)
  subscribe('x5t:retry', countRetry)
})
afterEach(() => {
  unsubscribe('x5t:store', listen)
  unsubscribe('x5t:retry', countRetry)
})

interface Services {
  /** Answers who is the first to ask. */
  readonly first: Answering
  /** Answers those who wait for it, once they ask too. */
  readonly others: Answering
}

/** Clients over one store, in a time that passes in steps; no step begins while a thread signs. */
function stage(context: TestContext, services: Services, options: Partial<ClientOptions> = {}) {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  context.mock.method(Math, 'random', () => 0.5)
  let now = 0
  let signing = 0
  const sign: typeof signer.sign = async (...wanted) => {
    signing++
    return signer.sign(...wanted).finally(() => signing--)
  }
  const first = tokenService(services.first)
  const askedAt: number[] = []
  const beside = tokenService((one, number) => {
    askedAt.push(now)
    return services.others(one, number)
  })
  const calls = { get: 0, lease: 0 }
  const inMemory = storeIn(new Map())
  const store: Store = {
    ...inMemory,
    get: (...wanted) => {
      calls.get++
      return inMemory.get(...wanted)
    },
    lease: (...wanted) => {
      calls.lease++
      return inMemory.lease(...wanted)
    },
  }
  const credential = { certificate, signer: { ...signer, sign } }
  const own = { tenant: 'contoso.com', clientId: 'app', credential, store, now: () => now }
  const idle = async () => {
    do await settled()
    while (signing > 0)
    await settled() // what follows a signature
  }
  /** A client that has loaded what it loads when it first asks, which takes a time of its own. */
  async function loaded(fetch: typeof globalThis.fetch, different: Partial<ClientOptions> = {}) {
    const answer: typeof fetch = async (input, init) =>
      String(init?.body).includes('loading') ? granted('loaded') : fetch(input, init)
    const client = createClient({ ...own, fetch: answer, ...options, ...different } as ClientOptions) // of one kind, as own is
    await client.getToken({ scope: `loading-${randomUUID()}/.default` })
    said = []
    return client
  }

  return {
    first,
    beside,
    askedAt,
    calls,
    store,
    /** One asks, the others find that it does. */
    async begin(others: number, different: Partial<ClientOptions> = {}) {
      const holder = await loaded(first.fetch)
      const waiters = await Promise.all(Array.from({ length: others }, () => loaded(beside.fetch, different)))
      const tokens = [tokenOf(holder)]
      await until(() => first.asked.length === 1)
      const before = calls.lease
      tokens.push(...waiters.map(tokenOf))
      await until(() => calls.lease === before + others)
      return tokens
    },
    async pass(ms: number) {
      for (const end = now + ms; now < end; await idle()) {
        const step = Math.min(50, end - now)
        now += step
        context.mock.timers.tick(step)
      }
    },
  }
}

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await settled()
}
const tokenOf = ({ getToken }: Client) =>
  getToken({ scope }).then(
    ({ accessToken }) => accessToken,
    ({ code }: X5tError) => code,
  )
const silent = () => new Promise<never>(() => {})
const after = (ms: number, answer: () => Response) =>
  new Promise<Response>((resolve) => {
    setTimeout(() => resolve(answer()), ms)
  })

test('who waits asks nothing while another waits for what Retry-After says, and has its token', async (context) => {
  const { askedAt, first, begin, pass } = stage(context, {
    first: (_, number) =>
      number === 1
        ? refused(429, { error: 'temporarily_unavailable' }, { 'retry-after': '20' })
        : granted('theirs'),
    others: () => granted('own'),
  })
  const tokens = await begin(3)
  await until(() => retries === 1)
  await pass(21_500)
  assert.deepEqual(await Promise.all(tokens), Array(4).fill('theirs'))
  assert.deepEqual([first.asked.length, askedAt], [2, []])
})

test('who has asked beside another has the token that the other keeps, and its own request is let go', async (context) => {
  const answers = { first: () => after(5_000, () => granted('theirs')), others: silent }
  const { beside, begin, pass } = stage(context, answers, { timeoutMs: 6_000 })
  const tokens = await begin(7)
  await pass(4_450)
  assert.equal(beside.asked.length, 0)
  await pass(350)
  assert.equal(beside.asked.length, 7)
  await pass(400)
  assert.deepEqual(await Promise.all(tokens), Array(8).fill('theirs'))
  assert.deepEqual(
    beside.asked.map(({ signal }) => signal.aborted),
    Array(7).fill(true),
  )
  assert.deepEqual(said, Array(7).fill({ outcome: 'hit' }))
})

test('who asks beside another that is not answered has its own answer, and looks no more', async (context) => {
  const answers = { first: silent, others: () => after(1_200, () => granted('own')) }
  const { askedAt, begin, calls, pass } = stage(context, answers)
  const [, token] = await begin(1)
  await pass(24_500)
  assert.deepEqual([await token, said], ['own', []])
  const [alone = 0] = askedAt
  assert.ok(alone >= 22_500 && alone <= 23_000, `${alone}`)
  const { get } = calls
  await pass(2_000)
  assert.equal(calls.get, get)
})

test('who asks beside another and is told to wait beyond its time learns so at once', async (context) => {
  const answers = { first: silent, others: () => refused(503, {}, { 'retry-after': '20' }) }
  const { askedAt, begin, pass } = stage(context, answers)
  const [, token] = await begin(1)
  await pass(23_100)
  assert.deepEqual([await token, askedAt.length, retries], ['ERR_ENTRA_UNAVAILABLE', 1, 0])
})

test('a store that fails while its user asks beside another changes nothing, and is told of once', async (context) => {
  const gone = new Error('gone')
  const answers = { first: silent, others: () => after(3_000, () => granted('own')) }
  const { askedAt, begin, pass, store } = stage(context, answers)
  const get: Store['get'] = async (name) => {
    if (askedAt.length > 0) throw gone
    return store.get(name)
  }
  const [, token] = await begin(1, { store: { ...store, get } })
  await pass(27_000)
  assert.equal(await token, 'own')
  assert.deepEqual(said, [{ outcome: 'unavailable', error: gone }])
})

test('who waits looks seldom after a while', async (context) => {
  const answers = { first: () => after(4_000, () => granted('theirs')), others: silent }
  const { begin, calls, pass } = stage(context, answers)
  const [, token] = await begin(1)
  await pass(3_950)
  assert.ok(calls.get < 20 && calls.lease < 20, JSON.stringify(calls))
  await pass(650)
  assert.equal(await token, 'theirs')
})
