import { createHash } from 'node:crypto'
import type { Signer } from '../signer.ts'
import { invalidAnswer, type Vault } from './vault.ts'

/**
 * Signs with a key in Azure Key Vault. The hash goes there, the data does not.
 *
 * @param keyId - `https://contoso.vault.azure.net/keys/app/<version>`, of the vault that `vault` asks.
 */
export function keyVaultSigner(vault: Vault, keyId: URL): Signer {
  return {
    async sign(algorithm, data) {
      const digest = createHash('sha256').update(data).digest('base64url')
      const { value } = await vault('POST', `${keyId.pathname}/sign`, { alg: algorithm, value: digest })
      if (typeof value !== 'string') throw invalidAnswer(keyId.host, 'no signature')
      return Buffer.from(value, 'base64url')
    },
  }
}
