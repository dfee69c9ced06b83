import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createVault } from '../../../src/signer/key-vault/vault.ts'

let now: number
let asked: number
/** To the next request alone. */
let busy: Record<string, string> | undefined
beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
  asked = 0
  busy = undefined
})

function start() {
  const vault = createVault({
    origin: 'https://contoso.vault.azure.net',
    scope: 'https://vault.azure.net/.default',
    credential: { getToken: async () => ({ token: 'of the vault' }) },
    now: () => now,
    async exchange() {
      asked++
      const headers = busy ?? {}
      const status = busy === undefined ? 200 : 429
      busy = undefined
      return { status, headers, body: Buffer.from('{}') }
    },
  })
  return () => vault('POST', '/keys/app/1/sign', {})
}

test('nothing is sent to a vault while its Retry-After runs, and who asks learns what is left of it', async () => {
  const ask = start()
  busy = { 'retry-after': '30' }
  await assert.rejects(ask(), { code: 'ERR_KEY_VAULT_UNAVAILABLE', retryAfterMs: 30_000 })
  now += 29_000
  const message = 'Key Vault contoso.vault.azure.net answered 429'
  await assert.rejects(ask(), { code: 'ERR_KEY_VAULT_UNAVAILABLE', retryAfterMs: 1_000, message })
  assert.equal(asked, 1)
  now += 1_000
  await ask()
  assert.equal(asked, 2)
})

test('a Retry-After is over where the clock was set back', async () => {
  const ask = start()
  busy = { 'retry-after': '30' }
  await assert.rejects(ask(), { retryAfterMs: 30_000 })
  now -= 3_600_000
  await ask()
})

test('a vault that says not how long it is busy is asked again', async () => {
  const ask = start()
  busy = {}
  await assert.rejects(ask(), { code: 'ERR_KEY_VAULT_UNAVAILABLE' })
  await ask()
})
