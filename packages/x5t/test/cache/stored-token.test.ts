import assert from 'node:assert/strict'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { type TestContext, test } from 'node:test'
import { decodeStoredToken, encodeStoredToken } from '../../src/cache/stored-token.ts'
import { stillClock } from '../support/still-clock.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)
const token = {
  accessToken: 'a',
  tokenType: 'Bearer',
  expiresAt: start + hour,
  refreshAt: start + 0.8 * hour,
}

/** A machine on which time passes, whatever its wall clock is set to. */
function machine(context: TestContext) {
  let passed = 0
  const uptime = context.mock.method(os, 'uptime', () => 5_000 + passed / 1_000)
  const hostname = context.mock.method(os, 'hostname', () => 'here')
  syncBuiltinESMExports()
  context.after(() => {
    for (const { mock } of [uptime, hostname]) mock.restore()
    syncBuiltinESMExports()
  })
  return {
    pass: (ms: number) => {
      passed += ms
    },
    read: (bytes: Uint8Array, setByMs = 0) => decodeStoredToken(bytes, stillClock(start + passed + setByMs)),
    become: (name: string) => hostname.mock.mockImplementation(() => name),
  }
}

test('a token is read as it was kept, its times by the clocks of the reader', () => {
  const bytes = encodeStoredToken(token, start)
  const clock = { wall: () => start + 1_000, steady: () => 77_000 }
  assert.deepEqual(decodeStoredToken(bytes, clock), {
    value: token,
    expiresAt: 77_000 + hour - 1_000,
    refreshAt: 77_000 + 0.8 * hour - 1_000,
  })
})

test('a clock with fractions of a millisecond keeps tokens too', () => {
  const bytes = encodeStoredToken(token, start + 0.7)
  assert.deepEqual(decodeStoredToken(bytes, stillClock(start + 0.8))?.value, token)
})

test('a token lives until it ends, to the millisecond', () => {
  const bytes = encodeStoredToken(token, start)
  assert.ok(decodeStoredToken(bytes, stillClock(start + hour - 1)))
  assert.equal(decodeStoredToken(bytes, stillClock(start + hour)), undefined)
})

const kept = JSON.parse(Buffer.from(encodeStoredToken(token, start)).toString())
const wrong: [what: string, members: object][] = [
  ['lives longer than any token', { expiresAt: start + 30 * hour + 60_001 }],
  ['is due after its end', { refreshAt: token.expiresAt + 1 }],
  ['was kept at a time that has not come', { keptAt: start + 60_001 }],
  ['is empty', { accessToken: '' }],
  ['has no type', { tokenType: undefined }],
  ['has its end in words', { expiresAt: 'soon' }],
  ['does not say who kept it', { host: undefined }],
  ['does not say by which clock', { bootedAt: null }],
]
for (const [what, members] of wrong) {
  test(`a token that ${what} is none`, () => {
    const read = (record: object) => decodeStoredToken(Buffer.from(JSON.stringify(record)), stillClock(start))
    assert.ok(read({ ...kept, bootedAt: 0 }))
    assert.equal(read({ ...kept, bootedAt: 0, ...members }), undefined)
  })
}

test('what lives as long as a token may, and is due as it ends, is one', () => {
  const expiresAt = start + 30 * hour + 60_000
  const bytes = encodeStoredToken({ ...token, expiresAt, refreshAt: expiresAt }, start)
  assert.ok(decodeStoredToken(bytes, stillClock(start)))
})

for (const text of ['', 'null', '5', '[]', '{"accessToken"']) {
  test(`${text || 'nothing'} is no token`, () => {
    assert.equal(decodeStoredToken(Buffer.from(text), stillClock(start)), undefined)
  })
}

test('a token that was kept before the clock was set back is not believed, whenever that is found out', (context) => {
  const { pass, read } = machine(context)
  const bytes = encodeStoredToken(token, start)
  for (const passedMs of [60_001, 600_000, 0.8 * hour]) {
    pass(passedMs)
    assert.equal(read(bytes, -600_000), undefined)
    assert.equal(read(bytes, -60_001), undefined)
  }
})

test('a clock that is set a little, or forward, a start of the machine and a long sleep change nothing', (context) => {
  const { pass, read } = machine(context)
  const bytes = encodeStoredToken(token, start)
  pass(600_000)
  assert.ok(read(bytes, -60_000))
  assert.ok(read(bytes, 600_000))
  context.mock.method(os, 'uptime', () => 10)
  syncBuiltinESMExports()
  assert.ok(read(bytes))
})

test('the clock of another machine says nothing about this one', (context) => {
  const { become, pass, read } = machine(context)
  const bytes = encodeStoredToken(token, start)
  become('there')
  pass(600_000)
  assert.ok(read(bytes, -300_000))
})
