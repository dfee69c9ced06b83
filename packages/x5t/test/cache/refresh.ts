import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createTokenCache } from '../../src/cache/token-cache.ts'
import { deferred, settled } from '../support/deferred.ts'
import { boom, stage, throttled } from './stage.ts'

test('past refreshAt callers get the old value at once, and a hundred of them cause one request', async () => {
  const next = deferred<string>()
  const values = [Promise.resolve('old'), next.promise]
  const { get, time, work, onRefresh } = stage(() => values.shift() ?? Promise.reject(boom))
  await get('a')
  time.now += 80_000
  const answers = await Promise.all(Array.from({ length: 100 }, () => get('a')))
  assert.deepEqual(new Set(answers), new Set(['old']))
  assert.equal(work.mock.callCount(), 2)
  next.resolve('new')
  await settled()
  assert.equal(await get('a'), 'new')
  assert.equal(onRefresh.mock.callCount(), 1)
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
    onRefresh.mock.calls.map(({ arguments: [request, failures, error] }) => [request.name, failures, error]),
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

test('a pause between refreshes that fail is at most half of what is left, and 5 s at least', async (context) => {
  context.mock.method(Math, 'random', () => 0)
  const { cache, get, time, work } = stage(() => Promise.reject(boom))
  const start = time.now
  cache.set('a', { value: 'old', expiresAt: start + 100_000, refreshAt: start })
  const tries: number[] = []
  for (; time.now < start + 100_000; time.now += 125) {
    const before = work.mock.callCount()
    await get('a')
    await settled()
    if (work.mock.callCount() > before) tries.push((time.now - start) / 1_000)
  }
  assert.deepEqual(tries, [0, 5, 15, 35, 67.5, 83.75, 91.875, 96.875])
})

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
  assert.deepEqual(onRefresh.mock.calls[0]?.arguments, [{ name: 'a' }, 0])
})

test('a value that is due when it comes is given, and renewed behind its caller, once', async () => {
  const told: boolean[] = []
  const onRefresh = mock.fn()
  const cache = createTokenCache<{ name: string }, string>({
    clock: { wall: () => 0, steady: () => 1_000 },
    async acquire(_request, _signal, renews) {
      told.push(renews)
      return { value: renews ? 'new, and due' : 'due', expiresAt: 2_000, refreshAt: 1_000 }
    },
    onRefresh,
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  assert.deepEqual(await Promise.all([cache.get('a', { name: 'a' }), cache.get('a', { name: 'a' })]), [
    'due',
    'due',
  ])
  await settled()
  assert.deepEqual(told, [false, true])
  assert.deepEqual(onRefresh.mock.calls[0]?.arguments, [{ name: 'a' }, 0])
  assert.equal(await cache.get('a', { name: 'a' }), 'new, and due')
})

test('who has one that has ended asks as who has none', async () => {
  const told: boolean[] = []
  const time = { now: 1_000 }
  const cache = createTokenCache<{ name: string }, string>({
    clock: { wall: () => 0, steady: () => time.now },
    async acquire(_request, _signal, renews) {
      told.push(renews)
      return { value: 'new', expiresAt: time.now + 1_000, refreshAt: time.now + 1_000 }
    },
    timeoutMs: 60_000,
    tooLate: () => new Error('late'),
  })
  await cache.get('a', { name: 'a' })
  time.now += 1_000
  await cache.get('a', { name: 'a' })
  assert.deepEqual(told, [false, false])
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

test('a request that its caller changes afterwards is renewed as it was', async () => {
  const { cache, time, work, onRefresh } = stage()
  const request = { name: 'a' }
  await cache.get('a', request)
  time.now += 80_000
  await cache.get('a', request)
  request.name = 'b'
  await settled()
  assert.deepEqual(
    work.mock.calls.map(({ arguments: [name] }) => name),
    ['a', 'a'],
  )
  assert.deepEqual(onRefresh.mock.calls[0]?.arguments, [{ name: 'a' }, 0])
})
