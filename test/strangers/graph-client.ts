/** Runs Microsoft's Graph client, unmodified, in a process of its own and prints what it got. The job comes by stdin. */
import { text } from 'node:stream/consumers'
import { ClientSecretCredential } from '@azure/identity'
import { Client, GraphError, PageIterator } from '@microsoft/microsoft-graph-client'

export interface GraphJob {
  readonly url: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Base64 DER. */
  readonly certificate: string
}

const { url, tenantId, clientId, clientSecret, certificate }: GraphJob = JSON.parse(await text(process.stdin))
const options = { authorityHost: url, disableInstanceDiscovery: true }
const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options)
const graph = Client.initWithMiddleware({
  baseUrl: url,
  customHosts: new Set([new URL(url).hostname]),
  authProvider: {
    getAccessToken: async () => (await credential.getToken('https://graph.microsoft.com/.default')).token,
  },
})

const created = await graph.api('/applications').post({ displayName: 'by the graph client' })
const principal = await graph.api('/servicePrincipals').post({ appId: created.appId })
await graph
  .api(`/applications/${created.id}`)
  .update({ keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate }] })
const read = await graph.api(`/applications(appId='${created.appId}')`).select('keyCredentials').get()
const filtered = await graph.api('/applications').filter(`appId eq '${created.appId}'`).get()

const names: string[] = []
const pages = new PageIterator(graph, await graph.api('/applications').top(2).get(), ({ displayName }) => {
  names.push(displayName)
  return true
})
await pages.iterate()

const refusal = await graph
  .api(`/applications/${principal.id}`)
  .get()
  .catch((error: unknown) =>
    error instanceof GraphError
      ? { statusCode: error.statusCode, code: error.code, requestId: error.requestId }
      : String(error),
  )
await graph.api(`/applications/${created.id}`).delete()

process.stdout.write(
  JSON.stringify({ key: read.keyCredentials[0].key, found: filtered.value.length, names, refusal }),
)
