import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribedEntry, EntrySummary } from '../../src/journal/describe-entry.ts'
import { assertion, createStage, now, origin, type Stage, sha, tenantId } from '../support/stage.ts'

const requests = async (stage: Stage, query = '') =>
  ((await (await stage.get(`/_emulator/requests${query}`)).json()) as { requests: EntrySummary[] }).requests // as: asserted below
const request = async (stage: Stage, number: number) =>
  (await (await stage.get(`/_emulator/requests/${number}`)).json()) as DescribedEntry // as: asserted below

function send(stage: Stage, method: string, path: string, body?: object, headers = {}) {
  return stage.app.request(`${origin}/_emulator/requests${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('requests stand in the journal newest first, each with its result in one line', async () => {
  const stage = await createStage()
  await stage.post(await stage.form())
  await stage.post(await stage.form({ scope: 'api://nobody/.default' }))
  const [refused, issued] = await requests(stage)
  assert.ok(refused && issued)
  const thumbprint = sha('sha256', stage.certificate).toString('base64url')
  const { elapsedMs, ...rest } = issued
  assert.ok(elapsedMs > 0 && elapsedMs < 5000)
  assert.deepEqual(rest, {
    number: 1,
    receivedAt: new Date(now).toISOString(),
    endpoint: 'v2',
    tenant: tenantId,
    clientId: stage.client.appId,
    appName: 'billing',
    result: 'issued',
    thumbprint,
    met: [],
  })
  assert.deepEqual([refused.number, refused.result, refused.aadsts], [2, 'refused', 500011])
})

test('filters choose requests, and a filter that cannot be is refused', async () => {
  const stage = await createStage()
  await stage.post(await stage.form())
  await stage.post(await stage.form({ scope: 'api://nobody/.default' }))
  await stage.post(await stage.form({ scope: undefined }), { path: `/${tenantId}/oauth2/token` })
  const numbers = async (query: string) => (await requests(stage, query)).map(({ number }) => number)
  assert.deepEqual(await numbers('?result=refused'), [3, 2])
  assert.deepEqual(await numbers('?endpoint=v1'), [3])
  assert.deepEqual(await numbers('?aadsts=AADSTS500011'), [2])
  assert.deepEqual(await numbers('?app=BILL&result='), [3, 2, 1])
  assert.deepEqual(await numbers(`?app=${stage.client.appId.toUpperCase()}`), [3, 2, 1])
  assert.deepEqual(await numbers('?app=nobody'), [])
  for (const query of ['?result=maybe', '?aadsts=x', '?endpoint=v3'])
    assert.equal((await stage.get(`/_emulator/requests${query}`)).status, 400, query)
})

test('no answer about a request holds a secret, a signature or a token, but the one for the token', async () => {
  const stage = await createStage({ secrets: ['correct horse battery staple'] })
  const form = await stage.form({ password: 'hunter2hunter2' })
  const { access_token } = (await (await stage.post(form)).json()) as { access_token: string } // as: read below
  const secret = { client_assertion: undefined, client_secret: 'correct horse battery staple' }
  await stage.post(await stage.form(secret))
  const basic = Buffer.from(`${stage.client.appId}:correct horse battery staple`).toString('base64')
  await stage.post(await stage.form({ client_assertion: undefined, client_id: undefined }), {
    headers: { authorization: `Basic ${basic}` },
  })
  await stage.post(await stage.form({ client_assertion: 'correct horse battery staple' }))
  const signature = new URLSearchParams(form).get('client_assertion')?.split('.').at(-1) ?? ''
  assert.ok(signature.length > 300)
  for (const path of ['', '/1', '/2', '/3', '/4', '/2/comparison', '/3/comparison', '/4/comparison']) {
    const told = await (await stage.get(`/_emulator/requests${path}`)).text()
    for (const hidden of [signature, access_token, 'correct horse', 'hunter2', basic])
      assert.ok(!told.includes(hidden), `${path} holds ${hidden.slice(0, 10)}`)
  }
  const { fields, assertion: parts } = await request(stage, 1)
  assert.deepEqual(
    fields.find(({ name }) => name === 'password'),
    { name: 'password', note: '14 characters, not shown' },
  )
  assert.equal(parts?.signatureLength, signature.length)
  assert.equal(parts.header.alg, 'PS256')
  const token = await stage.get('/_emulator/requests/1/token')
  assert.deepEqual(await token.json(), { accessToken: access_token })
  assert.equal(token.headers.get('cache-control'), 'no-store')
  assert.equal((await stage.get('/_emulator/requests/4/token')).status, 404)
})

test('a replay is judged by the clock it names and stands in the journal as one', async () => {
  const stage = await createStage()
  await stage.post(await stage.form())
  const again = await send(stage, 'POST', '/1/replay', {})
  assert.equal(again.status, 201)
  const later = await send(stage, 'POST', '/1/replay', { clockOffsetSeconds: 3600 })
  const judged = (await later.json()) as DescribedEntry // as: asserted below
  assert.deepEqual([judged.number, judged.aadsts], [3, 700024])
  assert.deepEqual(judged.replay, { of: 1, clockOffsetSeconds: 3600 })
  assert.equal((await requests(stage))[1]?.result, 'issued')
  assert.equal((await send(stage, 'POST', '/9/replay', {})).status, 404)
  assert.equal((await send(stage, 'POST', '/1/replay', { clockOffsetSeconds: '5' })).status, 400)
  const foreign = await send(stage, 'POST', '/1/replay', {}, { origin: 'https://evil.example' })
  assert.equal(foreign.status, 403)
})

test('a comparison with the last good one names what differs, and counts times from each arrival', async () => {
  const stage = await createStage()
  const { client, certificate } = stage
  await stage.post(await stage.form())
  stage.clock.advance(60)
  const claims = { sub: 'someone', nbf: now / 1000 + 60, exp: now / 1000 + 660 }
  const client_assertion = await assertion({ appId: client.appId, certificate, claims })
  await stage.post(await stage.form({ client_assertion }))
  const response = await stage.get('/_emulator/requests/2/comparison')
  const { rows, with: good } = (await response.json()) as {
    with: number
    rows: { name: string; verdict: string; here?: string; good?: string }[]
  } // as: asserted below
  assert.equal(good, 1)
  assert.deepEqual(
    rows.filter(({ verdict }) => verdict === 'differs'),
    [{ name: 'claim sub', here: 'someone', good: client.appId, verdict: 'differs' }],
  )
  assert.equal(rows.find(({ name }) => name === 'claim jti')?.verdict, 'new each time')
  assert.equal(rows.find(({ name }) => name === 'claim exp')?.here, '600 s after arrival')
  assert.equal((await stage.get('/_emulator/requests/1/comparison')).status, 404)
})

test('secrets that differ are told to differ, and not shown', async () => {
  const stage = await createStage({ secrets: ['correct horse'] })
  const basic = (secret: string) =>
    `Basic ${Buffer.from(`${stage.client.appId}:${secret}`).toString('base64')}`
  const form = await stage.form({ client_assertion: undefined, client_id: undefined })
  for (const secret of ['correct horse', 'wrong horse', 'correct horse'])
    await stage.post(form, { headers: { authorization: basic(secret) } })
  const verdictOf = async (number: number) => {
    const told = await (await stage.get(`/_emulator/requests/${number}/comparison`)).text()
    assert.ok(!told.includes('horse') && !told.includes(basic('wrong horse')))
    const { rows } = JSON.parse(told)
    return rows.find(({ name }: { name: string }) => name === 'Authorization header').verdict
  }
  assert.deepEqual([await verdictOf(2), await verdictOf(3)], ['differs', 'same'])
})

test('a fault that answers in the judge’s place leaves its trace in the journal', async () => {
  const stage = await createStage()
  stage.sky.arm({ kind: 'throttling', count: 1 })
  await stage.post(await stage.form())
  const [entry] = await requests(stage)
  assert.deepEqual([entry?.result, entry?.met], ['not judged', ['w1']])
  const { checks, status } = await request(stage, 1)
  assert.ok(checks.every(({ state }) => state === 'not reached'))
  assert.equal(status, undefined)
})

test('the journal keeps the newest 500, and can be cleared', async () => {
  const stage = await createStage()
  for (let sent = 0; sent < 505; sent += 1) await stage.post('')
  const all = await requests(stage)
  assert.deepEqual([all.length, all.at(-1)?.number], [500, 6])
  assert.equal((await stage.get('/_emulator/requests/5')).status, 404)
  assert.equal((await send(stage, 'DELETE', '')).status, 204)
  assert.deepEqual(await requests(stage), [])
  await stage.post('')
  assert.equal((await requests(stage))[0]?.number, 506)
})

async function events(response: Response, wanted: number): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.split('event: request').length > wanted) break
  }
  return text
}

test('a HEAD of the events ends at once and takes the place of no reader', async () => {
  const stage = await createStage()
  for (let asked = 0; asked < 65; asked += 1) {
    const { status, headers } = await send(stage, 'HEAD', '/events')
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream'])
  }
  const response = await stage.get('/_emulator/requests/events')
  assert.equal(response.status, 200)
  await response.body?.cancel()
})

test('events tell of requests as they come, and of those missed since the last one', async () => {
  const stage = await createStage()
  for (let sent = 0; sent < 3; sent += 1) await stage.post('')
  const resumed = await stage.get('/_emulator/requests/events?after=1', { 'last-event-id': '2' })
  assert.equal(resumed.headers.get('content-type'), 'text/event-stream')
  const live = await stage.get('/_emulator/requests/events?result=issued')
  await stage.post('')
  await stage.post(await stage.form())
  const missed = await events(resumed, 2)
  assert.match(missed, /^retry: 1000\n\nid: 3\nevent: request\ndata: \{"number":3,.*\}\n\nid: 4\n/)
  assert.match(await events(live, 1), /^retry: 1000\n\nid: 5\n/)
})

test('a stream that nobody reads any more is let go, and too many are refused', async () => {
  const stage = await createStage()
  const open = () => stage.get('/_emulator/requests/events')
  const streams = await Promise.all(Array.from({ length: 64 }, open))
  assert.equal((await open()).status, 503)
  await streams[0]?.body?.cancel()
  assert.equal((await open()).status, 200)
})
