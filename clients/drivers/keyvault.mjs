/** A Key Vault client, which learns from the vault where to get a token. The token it prints is the secret it read. */
import { ClientCertificateCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { run } from './job.mjs'

await run(async (one) => {
  const credential = new ClientCertificateCredential(one.tenantId, one.clientId, one.pemPath, {
    authorityHost: one.url,
    disableInstanceDiscovery: true,
  })
  const client = new SecretClient(one.vault, credential, { disableChallengeResourceVerification: true })
  return (await client.getSecret('one')).value
})
