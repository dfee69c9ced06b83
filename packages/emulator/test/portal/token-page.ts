import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt, SignJWT } from 'jose'
import { origin } from '../support/stage.ts'
import { openPortal, words } from './support.ts'

type Portal = Awaited<ReturnType<typeof openPortal>>

async function issue(
  { post, form }: Portal,
  changes: Record<string, string | undefined> = {},
): Promise<string> {
  const { access_token } = (await (await post(await form(changes))).json()) as { access_token: string } // as: issued
  return access_token
}

test('a token is read: claims with their meaning, times by the emulator’s clock, and every check of an API', async () => {
  const portal = await openPortal()
  await issue(portal)
  const { text } = await portal.page('/token')
  const shown = words(text)
  assert.match(shown, /The token of request 1/)
  assert.match(shown, /azpacr 2 how the client proved itself: 1 by secret, 2 by certificate/)
  assert.match(shown, /exp 1789377151 not valid from then on: 2026-09-14T09:12:31Z, in 60 minutes/)
  assert.match(shown, /Would an API accept it\? ● accepted/)
  assert.match(
    shown,
    /form ● passed .* algorithm ● passed .* issuer ● passed .* key ● passed .* signature ● passed .* time ● passed .* app-only ● passed/,
  )
})

test('audience and role are checked when they are named', async () => {
  const portal = await openPortal()
  await issue(portal)
  const { appId } = portal.api
  const good = words((await portal.page(`/token?request=1&audience=${appId}`)).text)
  assert.match(good, /● accepted .* audience ● passed/)
  const bad = words((await portal.page('/token?request=1&audience=api://cars&role=Cars.Read')).text)
  assert.match(
    bad,
    new RegExp(
      `✗ refused .* audience ✗ failed the token is for this API expected api://cars came ${appId} .* role ✗ failed .* expected Cars\\.Read came none`,
    ),
  )
  portal.control.grantRole({ clientAppId: portal.client.appId, resourceAppId: appId, role: 'Cars.Read' })
  await issue(portal)
  assert.match(
    words((await portal.page('/token?request=2&role=Cars.Read')).text),
    /● accepted .* role ● passed/,
  )
})

test('a version 1.0 token passes, and an expired one does not', async () => {
  const portal = await openPortal()
  await issue(portal, { scope: 'https://vault.azure.net/.default' })
  assert.match(words((await portal.page('/token')).text), /iss https:\/\/sts\.windows\.net\/.*● accepted/)
  portal.clock.advance(3600 + 301)
  assert.match(words((await portal.page('/token')).text), /✗ refused .* time ✗ failed between nbf and exp/)
})

test('a pasted token is judged and not put into the page; a forged one fails at its signature or key', async () => {
  const portal = await openPortal()
  const token = await issue(portal)
  const pasted = await portal.postForm('/token', { token: `Bearer ${token}` })
  assert.match(words(pasted.text), /The pasted token .* ● accepted/)
  assert.ok(!pasted.text.includes(token))
  const [header, payload, signature = ''] = token.split('.')
  const forged = `${header}.${Buffer.from(JSON.stringify({ ...decodeJwt(token), roles: ['Admin'] })).toString('base64url')}.${signature}`
  assert.match(
    words((await portal.postForm('/token', { token: forged })).text),
    /✗ refused .* key ● passed .* signature ✗ failed/,
  )
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = await new SignJWT(decodeJwt(token))
    .setProtectedHeader({ alg: 'RS256', kid: 'mine' })
    .sign(privateKey)
  assert.match(
    words((await portal.postForm('/token', { token: foreign })).text),
    /key ✗ failed .* signature ○ not reached/,
  )
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.AAAA`
  assert.match(
    words((await portal.postForm('/token', { token: none })).text),
    /algorithm ✗ failed signed with RS256 expected RS256 came none/,
  )
  for (const garbage of ['x', 'a.b.c', 'x'.repeat(100_000)])
    assert.match(words((await portal.postForm('/token', { token: garbage })).text), /form ✗ failed/)
})

test('the JSON route finds the same', async () => {
  const portal = await openPortal()
  const token = await issue(portal)
  const response = await portal.app.request(`${origin}/_emulator/tokens/inspect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, audience: 'api://cars' }),
  })
  const { checks, claims } = (await response.json()) as {
    checks: { name: string; state: string }[]
    claims: object
  } // as: asserted below
  assert.deepEqual(claims, decodeJwt(token))
  assert.deepEqual(
    checks.map(({ name, state }) => `${name} ${state}`),
    [
      'form passed',
      'algorithm passed',
      'issuer passed',
      'key passed',
      'signature passed',
      'time passed',
      'audience failed',
      'app-only passed',
    ],
  )
})
