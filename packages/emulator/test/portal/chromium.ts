import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** For `test` and `describe`. */
export const skipWithoutChromium = {
  skip: found === undefined && 'no Chromium; on Debian: apt-get install chromium',
}

/** Headless, with a profile of its own, and silent towards the world. */
export function launchChromium(): Promise<Browser> {
  const args = [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
    '--font-render-hinting=none',
    '--disable-lcd-text',
  ]
  return chromium.launch({ executablePath: found ?? '', headless: true, args })
}
