/** Runs one unmodified Microsoft library in a process of its own and prints what it got. The job comes by stdin. */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { ClientCertificateCredential } from '@azure/identity'
import { ConfidentialClientApplication } from '@azure/msal-node'

export interface Job {
  readonly library: 'msal' | 'identity'
  readonly url: string
  readonly tenantId: string
  readonly clientId: string
  /** Private key and certificate, PEM. */
  readonly path: string
  readonly thumbprintSha256Hex: string
  readonly scope: string
}

const job: Job = JSON.parse(await text(process.stdin))
try {
  process.stdout.write(JSON.stringify({ token: await getToken(job) }))
} catch (error) {
  process.stdout.write(JSON.stringify({ refused: String(error) }))
}

async function getToken({
  library,
  url,
  tenantId,
  clientId,
  path,
  scope,
  ...job
}: Job): Promise<string | undefined> {
  if (library === 'identity') {
    const options = { authorityHost: url, disableInstanceDiscovery: true }
    return (await new ClientCertificateCredential(tenantId, clientId, path, options).getToken(scope)).token
  }
  const app = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `${url}/${tenantId}`,
      knownAuthorities: [new URL(url).host],
      clientCertificate: {
        thumbprintSha256: job.thumbprintSha256Hex,
        privateKey: readFileSync(path, 'utf8'),
      },
    },
  })
  return (await app.acquireTokenByClientCredential({ scopes: [scope] }))?.accessToken
}
