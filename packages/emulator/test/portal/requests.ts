import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion } from '../support/stage.ts'
import { openPortal, words } from './support.ts'

test('the table shows requests newest first, and a filter in the address chooses', async () => {
  const { page, post, form } = await openPortal()
  assert.match(words((await page('/requests')).text), /No token request yet\./)
  await post(await form())
  await post(await form({ scope: 'api://nobody/.default' }))
  const { text } = await page('/requests')
  const all = words(text)
  assert.match(
    all,
    /08:12:31\.000 v2 billing ✗ refused 500011 [\w-]{10}… \d+\.\d 08:12:31\.000 v2 billing ● issued – /,
  )
  assert.match(text, /data-live="\/_emulator\/requests\/events\?" data-last="2"/)
  const refused = await page('/requests?result=refused&app=')
  assert.doesNotMatch(
    words(refused.text).split('Thumbprint ms')[1]?.split('A local')[0] ?? '',
    /● issued – [\w-]{10}…/,
  )
  assert.match(refused.text, /events\?result=refused"/)
  assert.match(refused.text, /<option value="refused" selected>/)
  assert.match(words((await page('/requests?aadsts=1')).text), /No request fits the filter\./)
})

test('a hundred requests are on a page, and a link leads to older ones', async () => {
  const { page, post } = await openPortal()
  for (let sent = 0; sent < 120; sent += 1) await post('')
  const { text } = await page('/requests?result=refused')
  assert.equal(text.match(/<tr>/g)?.length, 102) // with the head and the row that the script fills in
  assert.match(text, /href="\/_emulator\/portal\/requests\?result=refused&amp;before=21"/)
  const older = await page('/requests?result=refused&before=21')
  assert.equal(older.text.match(/<tr>/g)?.length, 22)
  assert.doesNotMatch(older.text, /data-live/)
})

test('a refused request says what failed, what it means, how to fix it, and what was not reached', async () => {
  const { page, post, form, client, certificate } = await openPortal()
  const client_assertion = await assertion({ appId: client.appId, certificate, claims: { sub: 'someone' } })
  await post(await form({ client_assertion }))
  const { text } = await page('/requests/1')
  const shown = words(text)
  assert.match(shown, /Request 1: billing ✗ refused AADSTS50048, invalid_client/)
  assert.match(
    shown,
    new RegExp(
      `Failed: sub is iss Expected ${client.appId} Came someone What it means In this flow .* How to fix it Set sub to the client id\\. Service says AADSTS50048: Subject mismatches Issuer claim`,
    ),
  )
  assert.match(shown, /Passed \(\d+\) the path names one tenant .* iss is client_id ✗ Failed/)
  assert.match(
    shown,
    /Not reached \(\d+\) aud is not for mutual TLS .* Conditional Access lets the client in/,
  )
  assert.equal(text.match(/class="failed-check"/g)?.length, 1)
})

test('the assertion is shown in its parts, without its signature; secrets are not shown', async () => {
  const { page, post, form } = await openPortal({ secrets: ['correct horse battery staple'] })
  const body = await form()
  await post(body)
  await post(await form({ client_assertion: undefined, client_secret: 'correct horse battery staple' }))
  const [header = '', claims = '', signature = ''] =
    new URLSearchParams(body).get('client_assertion')?.split('.') ?? []
  const { text } = await page('/requests/1')
  assert.ok(
    text.includes(`<span class="part-header">${header}</span>.<span class="part-claims">${claims}</span>`),
  )
  assert.match(words(text), /\[signature, 342 characters, not shown\] 1 Header .* 2 Claims .* 3 Signature/)
  assert.ok(!text.includes(signature))
  const other = await page('/requests/2')
  assert.match(words(other.text), /client_secret 28 characters, not shown/)
  assert.match(other.text, /--data-urlencode &quot;client_secret=\$CLIENT_SECRET&quot;/)
  assert.ok(!other.text.includes('correct horse'))
})

test('a token is not in the page until it is asked for', async () => {
  const { page, post, form } = await openPortal()
  const { access_token } = (await (await post(await form())).json()) as { access_token: string } // as: read below
  const { text } = await page('/requests/1')
  assert.ok(!text.includes(access_token.split('.')[2] ?? ''))
  assert.match(text, /href="\/_emulator\/portal\/requests\/1\?token=shown#issued"/)
  assert.ok((await page('/requests/1?token=shown')).text.includes(access_token))
  assert.ok(!(await page('/token?request=1')).text.includes(access_token))
})

test('a replay, by the clock of now or five minutes on, leads to its own page', async () => {
  const { page, post, form, postForm, clock } = await openPortal()
  await post(await form())
  const again = await postForm('/requests/1/replay')
  assert.deepEqual([again.status, again.location], [303, '/_emulator/portal/requests/2'])
  assert.match(words((await page('/requests/2')).text), /● issued .* Replay of request 1, clock \+0 s/)
  clock.advance(700)
  await postForm('/requests/1/replay', { clock: '300' })
  const { text } = await page('/requests/3')
  assert.match(
    words(text),
    /AADSTS700024, .* Replay of request 1, clock \+300 s .* Failed: the time is between nbf and exp/,
  )
})

test('a comparison puts first what differs', async () => {
  const { page, post, form } = await openPortal()
  await post(await form({ 'x-client-SKU': 'MSAL.JS' }))
  await post(await form({ scope: 'api://nobody/.default' }))
  const shown = words((await page('/requests/2/compare')).text)
  assert.match(shown, /Request 2 beside the last good one 2 differences/)
  assert.match(
    shown,
    /Request 1, good field scope ✗ differs api:\/\/nobody\/\.default api:\/\/[-\w]+\/\.default field x-client-SKU ✗ differs not sent MSAL\.JS claim jti ○ new each time/,
  )
  assert.match(words((await page('/requests/1/compare')).text), /No request before it was granted/)
})

test('a request that a fault answered says so', async () => {
  const { page, post, form, sky } = await openPortal()
  sky.arm({ kind: 'throttling', count: 1 })
  await post(await form())
  const shown = words((await page('/requests/1')).text)
  assert.match(shown, /◐ not judged .* Answered by a fault, 0\.0 ms .* Weather met w1/)
})
