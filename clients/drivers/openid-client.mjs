/** openid-client 6 by discovery of the v2 endpoint, with private_key_jwt. */
import { createPrivateKey } from 'node:crypto'
import * as client from 'openid-client'
import { run } from './job.mjs'

await run(async (one) => {
  const pkcs8 = createPrivateKey(one.key).export({ type: 'pkcs8', format: 'der' })
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-PSS', hash: 'SHA-256' }, false, [
    'sign',
  ])
  const authentication = client.PrivateKeyJwt(key, {
    [client.modifyAssertion](header, payload) {
      header['x5t#S256'] = Buffer.from(one.sha256Hex, 'hex').toString('base64url')
      if (one.audience) payload.aud = one.audience
    },
  })
  const issuer = new URL(`${one.url}/${one.tenantId}/v2.0`)
  const configuration = await client
    .discovery(issuer, one.clientId, undefined, authentication)
    .catch(async (error) => {
      // The refusal is a Response that nobody has read.
      throw error.cause instanceof Response ? new Error(await error.cause.text(), { cause: error }) : error
    })
  return (await client.clientCredentialsGrant(configuration, { scope: one.scope })).access_token
})
