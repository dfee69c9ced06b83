/** Pictures of the portal's pages, into docs/portal: `npm run screenshots`. Needs Chromium and the DejaVu fonts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { launchChromium } from '../packages/emulator/test/portal/chromium.ts'
import { indexedPng } from './indexed-png.ts'
import { setScene } from './portal-scene.ts'

const folder = 'docs/portal'
const portal = '/_emulator/portal'
mkdirSync(folder, { recursive: true })
const { entra, upload, shown } = await setScene()
const browser = await launchChromium()
const blank = await browser.newPage()

async function picture(
  name: string,
  path: string,
  { dark = false, width = 1160, act = async (_page: Page) => {} } = {},
): Promise<void> {
  const page = await browser.newPage({
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height: 600 },
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
  })
  await page.goto(entra.url + path)
  await act(page)
  await page.evaluate(`(${settle})(${JSON.stringify([...shown])})`)
  const { data, size } = await pixelsOf(await page.screenshot({ fullPage: true }))
  writeFileSync(`${folder}/${name}.png`, indexedPng(data, size[0], size[1]))
  process.stdout.write(`${folder}/${name}.png\n`)
  await page.close()
}

/** The browser that made a PNG takes it apart again. */
async function pixelsOf(png: Buffer): Promise<{ data: Uint8Array; size: [number, number] }> {
  const found = await blank.evaluate(`(async () => {
    const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    let text = ''
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768))
    return { base64: btoa(text), size: [bitmap.width, bitmap.height] }
  })()`)
  const { base64, size } = found as { base64: string; size: [number, number] } // as: what the expression returns
  return { data: Buffer.from(base64, 'base64'), size }
}

/**
 * Puts what is fixed in the place of what is random, in every text of the page. An expression, for it runs in the
 * page: ids that the emulator makes for a request or a token, and the parts of an assertion, are found by their place.
 */
const settle = `(pairs) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { currentNode: node } = walker
    let text = node.data
    for (const [from, to] of pairs) text = text.replaceAll(from, to)
    if (text !== node.data) node.data = text
  }
  for (const input of document.querySelectorAll('input')) {
    for (const [from, to] of pairs) input.value.includes(from) && input.type !== 'file' && (input.value = input.value.replaceAll(from, to))
  }
  // A round corner that clips comes out in one of two ways.
  for (const clipping of document.querySelectorAll('.scroll, .card')) clipping.style.overflow = 'visible'
  const encoded = (selector) => {
    const json = document.querySelector('.part.' + selector + ' pre')
    const raw = document.querySelector('pre > .' + selector)
    if (json && raw) raw.textContent = btoa(JSON.stringify(JSON.parse(json.textContent))).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
  }
  encoded('part-header')
  encoded('part-claims')
  const opaque = new Set(['aio', 'rh', 'uti', 'xms_ftd', 'kid'])
  for (const row of document.querySelectorAll('tbody tr')) {
    const name = row.querySelector('th')?.textContent
    if (opaque.has(name)) row.querySelector('td code').textContent = 'random-in-every-token'
  }
  for (const term of document.querySelectorAll('dt')) {
    if (term.textContent === 'Trace id') term.nextElementSibling.textContent = '0d6f4bd1-64a2-4a2e-9d6b-7f35b1c40b00'
  }
}`

const choose = async (page: Page): Promise<void> => {
  const file = {
    name: 'billing-2027.cer',
    mimeType: 'application/x-x509-ca-cert',
    buffer: Buffer.from(upload),
  }
  await page.getByLabel('Certificate file for billing-daemon').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload to billing-daemon' }).click()
  await page.getByRole('heading', { name: /Register this certificate/ }).waitFor()
}
const live = (page: Page) => page.getByText('live', { exact: true }).waitFor()

try {
  await picture('certificates', portal)
  await picture('upload', portal, { act: choose })
  await picture('requests', `${portal}/requests`, { act: live })
  await picture('requests-narrow', `${portal}/requests?result=refused`, { width: 320, act: live })
  await picture('request', `${portal}/requests/7`)
  await picture('request-dark', `${portal}/requests/7`, { dark: true })
  await picture('compare', `${portal}/requests/7/compare`)
  await picture('token', `${portal}/token?request=6&audience=api://cars&role=Cars.Read`)
  await picture('connect', `${portal}/connect`)
  entra.weather.arm({ kind: 'throttling', retryAfterSeconds: 3, count: 2, endpoint: 'token' })
  entra.weather.arm({ kind: 'propagation', seconds: 60 })
  await picture('weather', `${portal}/weather?kind=outage`)
} finally {
  await browser.close()
  await entra.stop()
}
