/** simple-oauth2, which knows secrets only, in the form or by Basic. */
import { ClientCredentials } from 'simple-oauth2'
import { run } from './job.mjs'

await run(async (one) => {
  const client = new ClientCredentials({
    client: { id: one.clientId, secret: one.secret },
    auth: { tokenHost: one.url, tokenPath: `/${one.tenantId}/oauth2/v2.0/token` },
    options: { authorizationMethod: process.argv[2] },
  })
  const { token } = await client.getToken({ scope: one.scope }).catch((error) => {
    // What the service said is kept aside.
    throw new Error(JSON.stringify(error.data?.payload), { cause: error })
  })
  return token.access_token
})
