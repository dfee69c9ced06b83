import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopeOf } from '../../src/entra/resources.ts'

const scopes: readonly [address: string, scope: string][] = [
  ['https://graph.microsoft.com/v1.0/users', 'https://graph.microsoft.com/.default'],
  ['https://api.contoso.com:8443/cars', 'https://api.contoso.com:8443/.default'],
  ['https://x.vault.azure.net/secrets/a', 'https://vault.azure.net/.default'],
  ['https://x.managedhsm.azure.net/keys/a', 'https://managedhsm.azure.net/.default'],
  ['https://x.blob.core.windows.net/c', 'https://storage.azure.com/.default'],
  ['https://x.queue.core.chinacloudapi.cn/c', 'https://storage.azure.com/.default'],
  ['https://management.core.windows.net/a/b', 'https://management.core.windows.net//.default'],
  ['https://management.core.chinacloudapi.cn/a', 'https://management.core.chinacloudapi.cn//.default'],
  ['https://evilmanagement.core.windows.net/x', 'https://storage.azure.com/.default'],
  ['https://evilvault.azure.net/x', 'https://evilvault.azure.net/.default'],
  ['https://vault.azure.net.evil.example/', 'https://vault.azure.net.evil.example/.default'],
]

for (const [address, scope] of scopes) {
  test(`${address} takes a token for ${scope}`, () => assert.equal(scopeOf(new URL(address)), scope))
}
