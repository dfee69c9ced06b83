import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { type Cached, createTokenCache } from '../../src/cache/token-cache.ts'
import { TokenEndpointError } from '../../src/errors.ts'
import { deferred, settled } from '../support/deferred.ts'

const boom = new Error('boom')

/** A cache over a clock that the test moves. Values live 100 s and are due for renewal after 80 s. */
function stage(acquire?: (request: string) => Promise<string>, maxEntries?: number) {
  const time = { now: 1_000_000 }
  let made = 0
  const work = mock.fn(acquire ?? (async () => `value ${++made}`))
  const onRefresh = mock.fn((_request: string, _failures: number, _error?: unknown) => {})
  const cache = createTokenCache<string, string>({
    clock: { wall: () => 0, steady: () => time.now },
    async acquire(request): Promise<Cached<string>> {
      const sentAt = time.now
      const value = await work(request)
      return { value, expiresAt: sentAt + 100_000, refreshAt: sentAt + 80_000 }
    },
    onRefresh,
    maxEntries,
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  return { cache, time, work, onRefresh, get: (key: string) => cache.get(key, key) }
}

const throttled = (retryAfterMs: number) =>
  new TokenEndpointError('ERR_ENTRA_THROTTLED', 'slow down', {
    status: 429,
    error: 'temporarily_unavailable',
    retryAfterMs,
    retryable: true,
    hint: 'wait',
  })

test('a living value is returned without asking, the same promise each time', async () => {
  const { get, work } = stage()
  await get('a')
  assert.equal(get('a'), get('a'))
  assert.equal(await get('a'), 'value 1')
  assert.equal(work.mock.callCount(), 1)
})

test('past refreshAt callers get the old value at once, and a hundred of them cause one request', async () => {
  const next = deferred<string>()
  const values = [Promise.resolve('old'), next.promise]
  const { get, time, work } = stage(() => values.shift() ?? Promise.reject(boom))
  await get('a')
  time.now += 80_000
  const answers = await Promise.all(Array.from({ length: 100 }, () => get('a')))
  assert.deepEqual(new Set(answers), new Set(['old']))
  assert.equal(work.mock.callCount(), 2)
  next.resolve('new')
  await settled()
  assert.equal(await get('a'), 'new')
})

test('a refresh that fails is reported, backs off, and serves the old value to its real end', async () => {
  const { get, time, work, onRefresh } = stage(async () => {
    if (work.mock.callCount() > 0) throw boom
    return 'old'
  })
  await get('a')
  const tries: number[] = []
  for (const end = time.now + 100_000; time.now < end; time.now += 100) {
    const before = work.mock.callCount()
    assert.equal(await get('a'), 'old')
    await settled()
    if (work.mock.callCount() > before) tries.push(time.now)
  }
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
  assert.ok(pauses.length >= 2 && pauses.length <= 6, `${tries.length} tries`)
  pauses.forEach((pause, index) => {
    const left = 1_100_000 - (tries[index] ?? 0)
    const full = Math.min(5_000 * 2 ** index, Math.max(left / 2, 5_000))
    assert.ok(pause >= full / 2 && pause <= full + 100, `pause ${index} of ${pause} ms`)
  })
  assert.deepEqual(
    onRefresh.mock.calls.map(({ arguments: [request, failures, error] }) => [request, failures, error]),
    tries.map((_, index) => ['a', index + 1, boom]),
  )
  await assert.rejects(get('a'), boom)
})

for (const [share, ofFull] of [
  [0, 1],
  [0.5, 0.75],
  [0.99, 0.505],
] as const) {
  test(`pauses between refreshes that fail double from 5 s to 5 min, less up to half at random: ${share}`, async (context) => {
    context.mock.method(Math, 'random', () => share)
    const { cache, get, time, work } = stage(() => Promise.reject(boom))
    cache.set('a', { value: 'old', expiresAt: time.now + 1e9, refreshAt: time.now })
    const look = async (calls: number) => {
      await get('a')
      await settled()
      assert.equal(work.mock.callCount(), calls)
    }
    await look(1)
    for (const [index, seconds] of [5, 10, 20, 40, 80, 160, 300, 300].entries()) {
      const pause = seconds * 1_000 * ofFull
      time.now += pause - 1
      await look(index + 1)
      time.now += 1
      await look(index + 2)
    }
  })
}

test('a service that is back half a minute before the end is found by a refresh, not by a caller', async (context) => {
  context.mock.method(Math, 'random', () => 0)
  const { get, time, cache } = stage(async () => {
    if (time.now > 1_000_000 && time.now < 4_570_000) throw boom
    return time.now === 1_000_000 ? 'old' : 'new'
  })
  await get('a')
  cache.set('a', { value: 'old', expiresAt: 4_600_000, refreshAt: 3_900_000 })
  for (time.now = 3_900_000; time.now < 4_600_000; time.now += 1_000) {
    await get('a')
    await settled()
  }
  time.now = 4_599_999
  assert.equal(await get('a'), 'new')
})

test('a refresh that succeeds is reported too', async () => {
  const { get, time, onRefresh } = stage()
  await get('a')
  time.now += 80_000
  await get('a')
  await settled()
  assert.deepEqual(onRefresh.mock.calls[0]?.arguments, ['a', 0])
})

test('a value that is due when it comes is given, and renewed behind its caller, once', async () => {
  const told: boolean[] = []
  const onRefresh = mock.fn()
  const cache = createTokenCache<string, string>({
    clock: { wall: () => 0, steady: () => 1_000 },
    async acquire(_request, _signal, renews) {
      told.push(renews)
      return { value: renews ? 'new, and due' : 'due', expiresAt: 2_000, refreshAt: 1_000 }
    },
    onRefresh,
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  assert.deepEqual(await Promise.all([cache.get('a', 'a'), cache.get('a', 'a')]), ['due', 'due'])
  await settled()
  assert.deepEqual(told, [false, true])
  assert.deepEqual(onRefresh.mock.calls[0]?.arguments, ['a', 0])
  assert.equal(await cache.get('a', 'a'), 'new, and due')
})

test('a value that has ended when it comes is given, and nobody asks for another behind its caller', async () => {
  const { get, time, work } = stage(async () => {
    time.now += 100_000
    return 'slow'
  })
  assert.equal(await get('a'), 'slow')
  await settled()
  assert.equal(work.mock.callCount(), 1)
})

test('a refresh throttled until after the end leaves the value in use, then fails callers with the time left', async () => {
  const { get, time, work } = stage(async () => {
    if (work.mock.callCount() > 0) throw throttled(60_000)
    return 'old'
  })
  await get('a')
  time.now += 80_000
  for (; time.now < 1_100_000; time.now += 1_000) {
    assert.equal(await get('a'), 'old')
    await settled()
  }
  assert.equal(work.mock.callCount(), 2)
  await assert.rejects(get('a'), { code: 'ERR_ENTRA_THROTTLED', retryAfterMs: 40_000 })
  assert.equal(work.mock.callCount(), 2)
})

test('while Retry-After runs, callers without a value fail at once with the remaining time, and nobody asks', async () => {
  const { get, time, work } = stage(async () => {
    throw throttled(30_000)
  })
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  time.now += 12_499.5 // the steady clock counts parts of a millisecond
  const error = await get('a').catch((thrown: unknown) => thrown)
  assert.ok(error instanceof TokenEndpointError)
  assert.deepEqual(
    [error.code, error.status, error.error, error.retryAfterMs, error.retryable, error.hint],
    ['ERR_ENTRA_THROTTLED', 429, 'temporarily_unavailable', 17_501, true, 'wait'],
  )
  assert.equal(error.message, 'slow down; ask again in 18 s')
  assert.equal(work.mock.callCount(), 1)
  await assert.rejects(get('b'), { retryAfterMs: 30_000 })
  time.now += 17_500.5
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  assert.equal(work.mock.callCount(), 3)
})

test('Retry-After beside a refusal for good holds nobody back', async () => {
  const refusal = { status: 400, retryAfterMs: 3_600_000, retryable: false }
  const { get, work } = stage(() =>
    Promise.reject(new TokenEndpointError('ERR_ENTRA_REFUSED', 'no', refusal)),
  )
  for (let call = 0; call < 2; call++) await assert.rejects(get('a'), { code: 'ERR_ENTRA_REFUSED' })
  assert.equal(work.mock.callCount(), 2)
})

test('a value that is set ends the throttling of its key', async () => {
  const { cache, get, time, work } = stage(async () => {
    throw throttled(30_000)
  })
  await assert.rejects(get('a'))
  cache.set('a', { value: 'given', expiresAt: time.now + 1_000, refreshAt: time.now + 1_000 })
  assert.equal(await get('a'), 'given')
  time.now += 1_000
  await assert.rejects(get('a'), { retryAfterMs: 30_000 })
  assert.equal(work.mock.callCount(), 2)
})

test('an expired value is never returned, to the millisecond', async () => {
  const { get, time } = stage()
  await get('a')
  time.now += 99_999
  assert.equal(await get('a'), 'value 1')
  time.now += 1
  assert.equal(await get('a'), 'value 2')
})

test('an aborted signal is refused before anything else, even where a value lives', async () => {
  const { cache, get } = stage()
  await get('a')
  await assert.rejects(cache.get('a', 'a', AbortSignal.abort(boom)), boom)
})

test('the size is bounded; what was asked for stays, what nobody asked for leaves', async () => {
  const { cache, get } = stage(undefined, 100)
  for (let index = 0; index < 100; index++) await get(`first ${index}`)
  for (let index = 0; index < 150; index++) {
    await get('first 7')
    await get(`second ${index}`)
    assert.ok(cache.size <= 100)
  }
  assert.equal(await get('first 7'), 'value 8')
  assert.notEqual(await get('first 8'), 'value 9')
})

test('10,000 values are kept where nobody says how many', () => {
  const { cache } = stage()
  for (let index = 0; index <= 10_000; index++)
    cache.set(`key ${index}`, { value: 'x', expiresAt: 1e9, refreshAt: 1e9 })
  assert.equal(cache.size, 10_000)
})

test('where every value is in use a new one stays and the oldest leaves', async () => {
  const { get, work } = stage(undefined, 3)
  for (const key of ['a', 'b', 'c', 'a', 'b', 'c', 'new', 'new']) await get(key)
  assert.equal(work.mock.callCount(), 4)
})

test('expired values leave as others come, also from behind one that lives', async () => {
  const { cache, get, time } = stage()
  cache.set('long', { value: 'x', expiresAt: time.now + 1e9, refreshAt: time.now + 1e9 })
  cache.set('longer', { value: 'x', expiresAt: time.now + 1e9, refreshAt: time.now + 1e9 })
  for (let index = 0; index < 1_000; index++) await get(`old ${index}`)
  time.now += 100_000
  for (let index = 0; index < 1_100; index++) await get(`new ${index}`)
  assert.equal(cache.size, 1_102)
})

test('a day of refreshes: always a living value, one request each 80 s, never a wait', async () => {
  const { get, time, work } = stage()
  await get('a')
  const start = time.now
  for (; time.now < start + 86_400_000; time.now += 20_000) {
    const before = work.mock.callCount()
    await get('a')
    await settled()
    assert.ok(work.mock.callCount() <= before + 1)
  }
  assert.equal(work.mock.callCount(), 86_400 / 80)
})
