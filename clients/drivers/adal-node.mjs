/** ADAL for Node, of the v1 endpoint. */
import adal from 'adal-node'
import { run } from './job.mjs'

await run(
  (one) =>
    new Promise((resolve, reject) => {
      const context = new adal.AuthenticationContext(
        `${one.url}/${one.tenantId}`,
        one.mapped,
        new adal.MemoryCache(),
      )
      context.acquireTokenWithClientCertificate(
        one.resource,
        one.clientId,
        one.key,
        one.sha1Hex,
        (error, answer) => (error ? reject(error) : resolve(answer.accessToken)),
      )
    }),
)
