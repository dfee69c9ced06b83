import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultForms } from '../../src/portal/weather/fault-forms.ts'
import { type FaultKind, faultKinds, faultParameters } from '../../src/weather/fault.ts'
import { openPortal, words } from './support.ts'

for (const kind of faultKinds) {
  test(`${kind} is armed by its form as it stands, with the defaults of the JSON route`, async () => {
    const portal = await openPortal()
    const { text } = await portal.page(`/weather?kind=${kind}`)
    assert.match(text, new RegExp(`kind=${kind}" aria-current="page"`))
    const { status, text: answer } = await portal.postForm('/weather', {
      kind,
      ...asItStands(kind),
      probability: '1',
      seed: '1',
      endpoint: '',
      appId: '',
      count: '',
    })
    assert.equal(status, 303, words(answer))
    const { id, armedAt, ...armed } = portal.sky.armed()[0] ?? {}
    const plain = await openPortal()
    const { id: _, armedAt: __, ...expected } = plain.sky.arm({ kind })
    assert.deepEqual(armed, expected)
  })

  test(`the form of ${kind} asks for every parameter it has`, () => {
    assert.deepEqual(
      faultForms[kind].inputs.map(({ name }) => name).sort(),
      Object.keys(faultParameters[kind]).sort(),
    )
  })
}

const asItStands = (kind: FaultKind) =>
  Object.fromEntries(faultForms[kind].inputs.map(({ name, value }) => [name, value]))

test('scope, count and odds are taken; what cannot be is refused with a page that says why', async () => {
  const portal = await openPortal()
  const fields = {
    kind: 'outage',
    status: '502',
    body: 'empty',
    endpoint: 'token/v1',
    appId: portal.client.appId,
    count: '3',
    probability: '0.5',
    seed: '7',
  }
  assert.equal((await portal.postForm('/weather', fields)).status, 303)
  const shown = words((await portal.page('/weather')).text)
  assert.match(
    shown,
    new RegExp(
      `Armed: 1 .* Outage w1 Status: 502 · Body: empty token/v1, ${portal.client.appId}, 50 % of them 3 requests 0 0 seconds ago Clear`,
    ),
  )
  const bad = await portal.postForm('/weather', { ...fields, probability: '2' })
  assert.equal(bad.status, 400)
  assert.match(words(bad.text), /Nothing was changed fault: probability: expected a number from 0 to 1 /)
  assert.equal((await portal.postForm('/weather', { kind: 'storm' })).status, 400)
})

test('a fault is cleared alone or with all others, and a spent one stays to be seen', async () => {
  const portal = await openPortal()
  portal.sky.arm({ kind: 'throttling', count: 1 })
  portal.sky.arm({ kind: 'latency' })
  portal.sky.arm({ kind: 'empty', endpoint: 'keys' })
  await portal.post(await portal.form())
  assert.match(words((await portal.page('/weather')).text), /Throttling w1 .* spent 1 /)
  assert.equal((await portal.postForm('/weather/clear', { id: 'w2' })).status, 303)
  assert.deepEqual(
    portal.sky.armed().map(({ id }) => id),
    ['w3'],
  )
  assert.equal((await portal.postForm('/weather/clear', { id: 'w2' })).status, 404)
  await portal.postForm('/weather/clear')
  assert.deepEqual(portal.sky.armed(), [])
})

test('the clock is moved, set, stopped and reset', async () => {
  const portal = await openPortal()
  const { clock } = portal
  const start = clock.now()
  await portal.postForm('/clock', { advance: 'P30D' })
  assert.equal(clock.now() - start, 30 * 86_400_000)
  await portal.postForm('/clock', { frozen: 'true' })
  assert.match(
    words((await portal.page('/weather')).text),
    /30 days ahead of the machine’s, standing still .* Let it go/,
  )
  await portal.postForm('/clock', { frozen: 'false' })
  await portal.postForm('/clock', { set: '2030-01-31T12:00:00' })
  assert.equal(new Date(clock.now()).toISOString(), '2030-01-31T12:00:00.000Z')
  await portal.postForm('/clock', { reset: 'true' })
  assert.equal(clock.now(), start)
  assert.equal((await portal.postForm('/clock', { set: 'soon' })).status, 400)
})
