/** MSAL Node of any generation: `node msal-node.mjs PACKAGE`. */
import { run } from './job.mjs'

const [, , name] = process.argv
const { ConfidentialClientApplication } = await import(name)

await run(async (one) => {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: one.clientId,
      authority: `${one.url}/${one.tenantId}`,
      // The public host is known to the library; any other one it must be told to believe.
      ...(one.mapped ? {} : { knownAuthorities: [new URL(one.url).host] }),
      clientCertificate: one.sha256Known
        ? { thumbprintSha256: one.sha256Hex, privateKey: one.key }
        : { thumbprint: one.sha1Hex, privateKey: one.key },
    },
  })
  return (await app.acquireTokenByClientCredential({ scopes: [one.scope] })).accessToken
})
