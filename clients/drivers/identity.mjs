/** `@azure/identity` of any generation: `node identity.mjs PACKAGE`. */
import { run } from './job.mjs'

const [, , name] = process.argv
const { ClientCertificateCredential } = await import(name)

await run(async (one) => {
  const credential = new ClientCertificateCredential(one.tenantId, one.clientId, one.pemPath, {
    ...(one.mapped ? {} : { authorityHost: one.url, disableInstanceDiscovery: true }),
    retryOptions: { maxRetries: 0 },
  })
  return (await credential.getToken(one.scope)).token
})
