import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type TestContext, test } from 'node:test'
import { busy, granted, lost, stage, stale } from './stage.ts'

/** What the channels say from here on, in their order. */
function heard(context: TestContext, ...channels: readonly string[]): Record<string, unknown>[] {
  const seen: Record<string, unknown>[] = []
  const listen = (message: unknown, channel: string | symbol) => seen.push({ channel, ...Object(message) })
  for (const channel of channels) subscribe(channel, listen)
  context.after(() => {
    for (const channel of channels) unsubscribe(channel, listen)
  })
  return seen
}

test('each try is one request event and one response event with the same id, and retries say why', async (context) => {
  const seen = heard(context, 'x5t:request', 'x5t:response', 'x5t:retry')
  const { run, pass, paused, requests } = stage(context, [busy({ 'retry-after': '1' }), stale, granted])
  const token = run()
  await paused()
  await pass(1_000)
  await token
  assert.deepEqual(
    seen.map(({ channel, attempt, status, reason, waitMs }) => [channel, attempt, status ?? reason, waitMs]),
    [
      ['x5t:request', 1, undefined, undefined],
      ['x5t:response', 1, 503, undefined],
      ['x5t:retry', 1, 'failure', 1_000],
      ['x5t:request', 2, undefined, undefined],
      ['x5t:response', 2, undefined, undefined],
      ['x5t:retry', 2, 'stale connection', 0],
      ['x5t:request', 3, undefined, undefined],
      ['x5t:response', 3, 200, undefined],
    ],
  )
  assert.deepEqual(new Set(seen.map(({ endpoint }) => endpoint)), new Set(['https://login.example/token?…']))
  assert.equal(requests[2]?.url.href, 'https://login.example/token?code=hidden')
  const ids = (channel: string) =>
    seen.filter((one) => one.channel === channel).map(({ requestId }) => requestId)
  assert.deepEqual(ids('x5t:request'), ids('x5t:response'))
  assert.deepEqual(
    ids('x5t:request'),
    requests.map(({ headers }) => headers['client-request-id']),
  )
  assert.equal(new Set(ids('x5t:request')).size, 3)
})

test('the event of a response says how long it took, and what was wrong, if anything was', async (context) => {
  const slow = async () => {
    time.now += 7_000
    return busy()
  }
  const { run, pass, paused, time } = stage(context, [slow, lost, granted])
  const seen = heard(context, 'x5t:response')
  const token = run()
  for (let pause = 0; pause < 2; pause++) {
    await paused()
    await pass(0)
  }
  await token
  assert.deepEqual(
    seen.map(({ durationMs, status, error }) => [durationMs, status, Object(error).code]),
    [
      [7_000, 503, 'ERR_ENTRA_UNAVAILABLE'],
      [0, undefined, 'ERR_NO_ANSWER'],
      [0, 200, undefined],
    ],
  )
  assert.equal(seen[1]?.error, lost)
})
