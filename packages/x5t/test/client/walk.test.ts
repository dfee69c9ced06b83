import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import { test } from 'node:test'
import { type Client, createClient, generateCertificate, loadCredential } from 'x5t'
import { listen } from '../support/listen.ts'

/** Functions of ours that ran, those without a name too, by the engine's own count, on the built package. */
async function functionsEnteredBy(work: () => Promise<unknown>): Promise<{ file: string; name: string }[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await session.post('Profiler.takePreciseCoverage')
  await work()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  session.disconnect()
  return result
    .filter(({ url }) => /\/packages\/x5t\/dist\//.test(url))
    .flatMap(({ url, functions }) =>
      functions
        .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
        .map(({ functionName }) => ({
          file: url.replace(/^.*\/dist\//, ''),
          name: functionName || 'no name',
        })),
    )
}

const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end('{"token_type":"Bearer","expires_in":3600,"access_token":"a"}')
})

async function stage(): Promise<Client> {
  const port = await listen(server)
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'walk' })
  return createClient({
    tenant: 'contoso.com',
    authority: `http://127.0.0.1:${port}`,
    allowHttpAuthority: true,
    clientId: 'app',
    credential: await loadCredential({ pem: privateKeyPem + certificatePem }),
  })
}

test('one cold token request enters fewer than 40 of our functions in fewer than 10 of our files, a hit 3 in 3', async () => {
  const client = await stage()
  const entered = await functionsEnteredBy(() => client.getToken({ scope: 'api/.default' }))
  const files = new Set(entered.map(({ file }) => file))
  const walk = entered.map(({ file, name }) => `${file} ${name}`).join('\n')
  assert.ok(entered.length > 8, 'nothing was counted')
  assert.ok(entered.length < 40, `${entered.length} functions:\n${walk}`)
  assert.ok(files.size < 10, `${files.size} files:\n${[...files].join('\n')}`)

  const hit = await functionsEnteredBy(() => client.getToken({ scope: 'api/.default' }))
  assert.deepEqual(hit.map(({ file, name }) => `${file} ${name}`).sort(), [
    'cache/token-cache.js get',
    'client/client.js tokenFor',
    'internal/clock.js steady',
  ])
})
