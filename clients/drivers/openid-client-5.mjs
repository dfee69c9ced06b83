/** openid-client 5, whose assertions carry the issuer, both endpoints or an array as `aud`. */
import { createPrivateKey } from 'node:crypto'
import { Issuer } from 'openid-client-5'
import { run } from './job.mjs'

await run(async (one) => {
  const issuer = await Issuer.discover(`${one.url}/${one.tenantId}/v2.0`)
  const jwk = createPrivateKey(one.key).export({ format: 'jwk' })
  const metadata = {
    client_id: one.clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
  }
  // Entra: `kid` is the thumbprint of the certificate, in hex.
  const client = new issuer.Client(metadata, {
    keys: [{ ...jwk, kid: one.sha1Hex, alg: 'RS256', use: 'sig' }],
  })
  const extras = one.audience ? { clientAssertionPayload: { aud: one.audience } } : {}
  return (await client.grant({ grant_type: 'client_credentials', scope: one.scope }, extras)).access_token
})
