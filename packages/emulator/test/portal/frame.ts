import assert from 'node:assert/strict'
import { test } from 'node:test'
import { origin } from '../support/stage.ts'
import { openPortal, portal, words } from './support.ts'

test('the root leads to the certificates', async () => {
  const { get } = await openPortal()
  const response = await get('/')
  assert.deepEqual([response.status, response.headers.get('location')], [303, portal])
})

const pages = [
  '',
  '/requests',
  '/requests/1',
  '/requests/1/compare',
  '/requests/2/compare',
  '/token',
  '/weather',
  '/connect',
]
for (const path of pages) {
  test(`${path || '/'} has a heading, a mark, a skip link, and nothing inline or from elsewhere`, async () => {
    const { page, post, form } = await openPortal()
    await post(await form())
    await post('')
    const { response, status, text } = await page(path)
    assert.equal(status, 200)
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/)
    assert.ok(!policy.includes('unsafe'))
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.match(text, /^<!doctype html>\n<html lang="en">/)
    assert.equal(text.match(/<h1>/g)?.length, 1)
    assert.match(words(text), /emulator, not Microsoft/)
    assert.match(text, /<a class="skip" href="#content">/)
    assert.doesNotMatch(text, /<style|\sstyle=|\son[a-z]+=|<script(?! type="module" src="\/_emulator)/)
    for (const [, target] of text.matchAll(/(?:src|href|action)="([^"]*)"/g))
      assert.match(target ?? '', /^(\/|#)/, 'leads elsewhere')
    for (const [header] of text.matchAll(/<th\b[^>]*>/g)) assert.match(header, /scope="(col|row)"/)
  })
}

test('style, script and icon are files with their types', async () => {
  const { page } = await openPortal()
  const types: readonly [string, string][] = [
    ['portal.css', 'text/css; charset=utf-8'],
    ['portal.js', 'text/javascript; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ]
  for (const [file, type] of types) {
    const { status, response, text } = await page(`/${file}`)
    assert.deepEqual([status, response.headers.get('content-type')], [200, type])
    assert.doesNotMatch(text, /@import|url\(|https?:\/\/(?!www\.w3\.org)/)
  }
})

test('a banner stands on every page while a fault is armed or the clock is moved, and not otherwise', async () => {
  const { page, sky, clock } = await openPortal()
  for (const path of ['', '/requests', '/token'])
    assert.doesNotMatch((await page(path)).text, /class="banner"/)
  sky.arm({ kind: 'outage' })
  for (const path of ['', '/requests', '/token'])
    assert.match(words((await page(path)).text), /Not as usual: 1 fault is armed: outage\./)
  sky.clear()
  clock.advance(300)
  assert.match(words((await page()).text), /The clock is 5 minutes ahead\./)
  clock.reset()
  clock.freeze()
  assert.match(words((await page()).text), /The clock stands still\./)
})

test('forms are taken from the portal’s own pages only', async () => {
  const { postForm, client, directory } = await openPortal()
  const tenantId = directory.tenants()[0]?.id
  const path = `/tenants/${tenantId}/apps/${client.appId}/generate`
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8443', 'sec-fetch-site': 'same-origin' },
  ]
  for (const headers of foreign) assert.equal((await postForm(path, {}, headers)).status, 403)
  const { app } = await openPortal()
  for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const response = await app.request(`${origin}${portal}${path}`, { method: 'POST', headers })
    assert.equal(response.status, 403)
  }
})

test('a name of the machine that is not the emulator’s is refused', async () => {
  const { app } = await openPortal()
  const response = await app.request(`https://evil.example${portal}`)
  assert.equal(response.status, 403)
})

test('an error is a page that says what is wrong', async () => {
  const { page } = await openPortal()
  const { status, text } = await page('/requests/7')
  assert.equal(status, 404)
  assert.match(words(text), /no request 7 in the journal/)
  assert.equal((await page('/requests?result=maybe')).status, 400)
})

test('text that looks like markup stays text', async () => {
  const nasty = '<img src=x onerror=alert(1)>"\'&'
  const { page, post, form, control, directory } = await openPortal({ name: nasty })
  await post(await form({ scope: `"><script>alert(1)</script>`, 'x-client-SKU': nasty }))
  await post(await form({ client_id: nasty }))
  control.addApp({ name: nasty, tenantId: directory.tenants()[0]?.id })
  for (const path of [
    '',
    '/requests',
    '/requests/1',
    '/requests/2',
    '/requests/2/compare',
    `/requests?app=${encodeURIComponent(nasty)}`,
  ]) {
    const { text } = await page(path)
    assert.ok(!text.includes('<img') && !text.includes('<script>'), path)
  }
})
