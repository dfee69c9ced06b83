import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { demo } from '../../src/directory/demo.ts'
import type { Emulator } from '../../src/emulator.ts'
import { startEmulator } from '../../src/start-emulator.ts'
import { assertion, certify, privateKey } from '../support/stage.ts'
import { launchChromium, skipWithoutChromium } from './chromium.ts'

const pem = await certify(privateKey, { from: Date.now() - 86_400_000 })
const paths = [
  '',
  '/requests',
  '/requests/1',
  '/requests/2/compare',
  '/token',
  '/weather?kind=outage',
  '/connect',
  '/reset',
].map((path) => `/_emulator/portal${path}`)

describe('the portal in Chromium', skipWithoutChromium, () => {
  let browser: Browser
  let entra: Emulator
  /** What went wrong without a word to the reader: policy violations, script errors, requests to elsewhere. */
  const complaints: string[] = []

  before(async () => {
    entra = await startEmulator({ http: true, sleep: async () => {} })
    browser = await launchChromium()
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { aud: tokenEndpoint(), nbf: seconds, exp: seconds + 600 }
    await ask(await assertion({ appId: demo.appId, certificate: pem, claims }))
    await ask()
  })
  after(async () => {
    await browser?.close()
    await entra?.stop()
  })

  /** A token request that names a certificate which may not be registered, or has no credential at all. */
  async function ask(client_assertion = ''): Promise<void> {
    const parties = { grant_type: 'client_credentials', client_id: demo.appId, scope: 'api://x/.default' }
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const body = new URLSearchParams({ ...parties, client_assertion_type, client_assertion })
    await (await fetch(tokenEndpoint(), { method: 'POST', body })).text()
  }
  const tokenEndpoint = () => `${entra.url}/${demo.tenantId}/oauth2/v2.0/token`

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options })
    context.setDefaultTimeout(10_000)
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'data:' && origin !== entra.url) complaints.push(`asked ${request.url()}`)
    })
    context.on('console', (message) => {
      // A page of ours that answers 4xx is told there too.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text())
    })
    context.on('weberror', (error) => complaints.push(error.error().message))
    const page = await context.newPage()
    await page.goto(`${entra.url}${path}`)
    return page
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`a certificate is uploaded as a file, looked at, registered and removed, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const page = await open('/', { javaScriptEnabled })
      assert.equal(await page.title(), 'Certificates · x5t emulator')
      const card = page.getByRole('region', { name: 'demo-daemon', exact: true })
      const file = { name: 'app.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(pem) }
      await card.getByLabel('Certificate file for demo-daemon').setInputFiles(file)
      await card.getByRole('button', { name: 'Upload to demo-daemon' }).click()
      await page.getByRole('heading', { name: 'Register this certificate on demo-daemon?' }).waitFor()
      await page.getByRole('button', { name: 'Register it' }).click()
      await page.getByText('The certificate is registered.').waitFor()
      const row = card.getByRole('row', { name: /active/ })
      assert.match(await row.innerText(), /CN=billing/)
      await row.getByRole('link', { name: /^Remove/ }).click()
      await page.getByRole('button', { name: 'Remove it' }).click()
      await page.getByText('The certificate is removed.').waitFor()
      await page.context().close()
    })
  }

  test('new requests appear by themselves, are announced, and those missed while hidden are made up for', async () => {
    const page = await open('/_emulator/portal/requests')
    await page.getByText('live', { exact: true }).waitFor()
    const rows = page.locator('tbody tr')
    const atFirst = await rows.count()
    await ask()
    await page.waitForFunction(`document.querySelectorAll('tbody tr').length === ${atFirst + 1}`)
    const first = rows.first()
    assert.match(
      await first.innerText(),
      /^\d\d:\d\d:\d\d\.\d{3}\s+v2\s+demo-daemon\s+✗\s*refused\s+7000216\s+–\s+\d+\.\d$/,
    )
    assert.match(
      await page.locator('#announcement').innerText(),
      /^One new request, the latest refused with AADSTS7000216$/,
    )
    // The server's own row says the same as the script's.
    const made = await first.innerText()
    await page.reload()
    assert.equal(await rows.first().innerText(), made)

    await page.getByText('live', { exact: true }).waitFor()
    await page.evaluate(hide(true))
    await page.getByText('paused', { exact: true }).waitFor()
    await ask()
    await ask()
    assert.equal(await rows.count(), atFirst + 1)
    await page.evaluate(hide(false))
    await page.waitForFunction(`document.querySelectorAll('tbody tr').length === ${atFirst + 3}`)
    await first.getByRole('link').click()
    await page.getByRole('heading', { name: /^Request \d+: demo-daemon$/ }).waitFor()
    await page.context().close()
  })

  test('what is shown to be taken along is copied by a button', async () => {
    const page = await open('/_emulator/portal/connect')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const block = page.locator('[data-copy]').first()
    await block.getByRole('button', { name: 'Copy' }).click()
    await block.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    assert.equal(copied, await block.locator('pre').textContent())
    await page.context().close()
  })

  test('announcements come at most once in two seconds', async () => {
    const page = await open('/_emulator/portal/requests')
    await page.clock.install()
    await page.reload()
    await page.getByText('live', { exact: true }).waitFor()
    await page.evaluate(
      `window.said = []; new MutationObserver(() => said.push(document.querySelector('#announcement').textContent)).observe(document.querySelector('#announcement'), { childList: true })`,
    )
    const rows = await page.locator('tbody tr').count()
    for (let sent = 0; sent < 4; sent += 1) await ask()
    await page.waitForFunction(`document.querySelectorAll('tbody tr').length === ${rows + 4}`)
    assert.equal(await page.evaluate('said.length'), 1)
    await page.clock.runFor(2000)
    assert.match(String(await page.evaluate('said[1]')), /^3 new requests, the latest refused/)
    await page.clock.runFor(10_000)
    assert.equal(await page.evaluate('said.length'), 2)
    await page.context().close()
  })

  test('all is reached by keyboard, and where one is can be seen', async () => {
    const page = await open('/_emulator/portal')
    const focused = () => page.evaluate('document.activeElement.textContent.trim()')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Skip to the content')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'content')
    for (const name of ['Requests', 'Token', 'Weather']) {
      await page.getByRole('link', { name, exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
    }
    // From the top of the weather page to an armed fault, by Tab and Enter alone.
    for (let pressed = 0; pressed < 60 && (await focused()) !== 'Arm it'; pressed += 1) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      assert.equal(outline, 'solid', `no outline on ${await focused()}`)
    }
    await page.keyboard.press('Enter')
    await page.getByText('Armed: 1').waitFor()
    assert.equal(entra.weather.armed()[0]?.kind, 'latency')
    entra.weather.clear()
    await page.context().close()
  })

  const standards: readonly [what: string, colorScheme: 'light' | 'dark', rules: string][] = [
    ['with any page by WCAG 2.1 A and AA', 'light', `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']`],
    ['with the contrast of any page in the dark', 'dark', `['color-contrast']`],
  ]
  for (const [what, colorScheme, rules] of standards) {
    test(`axe finds no fault ${what}`, async () => {
      entra.weather.arm({ kind: 'propagation' })
      const { keyId } = entra.addCertificate({ appId: demo.appId, certificate: pem })
      const page = await open('/', { colorScheme })
      for (const path of paths) {
        await page.goto(`${entra.url}${path}`)
        await page.evaluate(axe.source)
        const found = await page.evaluate(
          `axe.run({ runOnly: ${rules} }).then(({ violations, passes }) => ({ passes: passes.length, violations:
            violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 120) + ' ' + nodes[0].failureSummary) }))`,
        )
        const { violations, passes } = found as { violations: string[]; passes: number } // as: asserted below
        assert.deepEqual(violations, [], path)
        assert.ok(passes > 0)
      }
      entra.removeCertificate({ appId: demo.appId, keyId })
      entra.weather.clear()
      await page.context().close()
    })
  }

  test('nothing is wider than a window of 320 px, where tables are cards', async () => {
    entra.addCertificate({ appId: demo.appId, certificate: pem })
    const page = await open('/', { viewport: { width: 320, height: 640 } })
    for (const path of paths) {
      await page.goto(`${entra.url}${path}`)
      const wider = await page.evaluate(tooWide)
      assert.deepEqual(wider, [], path)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, path)
    }
    await page.goto(`${entra.url}/_emulator/portal/requests`)
    assert.equal(await page.evaluate(`getComputedStyle(document.querySelector('tbody tr')).display`), 'block')
    await page.context().close()
  })

  test('no page breaks its content security policy, fails in its script, or asks anybody but the emulator', () => {
    assert.deepEqual(complaints, [])
  })
})

/** Elements that reach beyond the window, or whose text does beyond them, but for those that scroll or are not seen. */
const tooWide = `[...document.querySelectorAll('body *:not(.unseen, .unseen *, thead, thead *, option, pre, pre *, input, details:not([open]) *)')]
  .filter((one) => one.getBoundingClientRect().right > 320.5 || (one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1))
  .map((one) => one.outerHTML.slice(0, 100))`

/** As a tab that goes to the background and comes back. */
const hide = (hidden: boolean): string =>
  `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`
