import { contestants, type GetToken, msalApp, type Name, type Setting } from './clients.ts'
import { cpuMicros, inTurns, ofPart, type Result } from './clock-work.ts'

const scopesOf = (entries: number) =>
  Array.from({ length: entries }, (_, n) => `https://api${n}.contoso.com/.default`)

/** CPU microseconds for one of `scopes` that is remembered. */
async function perHit(getToken: GetToken, scopes: readonly string[], hits: number): Promise<number> {
  const start = cpuMicros()
  for (let n = 0; n < hits; n++) await getToken(scopes[(n * 7_919) % scopes.length] ?? '')
  return (cpuMicros() - start) / hits
}

/** Our cache beside a Map: no key signs and nothing is sent, so that 100,000 entries are made in seconds. */
export async function ownHits({ path }: Setting): Promise<Result> {
  const { createClient, loadCredential } = await import('x5t')
  const { certificate } = await loadCredential({ path })
  const body = JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'a'.repeat(1_200) })
  const results: Result = {}
  for (const entries of [1, 100_000]) {
    const client = createClient({
      tenant: 'contoso.com',
      clientId: 'app',
      credential: { certificate, signer: { sign: async () => Buffer.alloc(256) } },
      fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }),
      maxCachedTokens: 200_000,
    })
    const scopes = scopesOf(entries)
    for (const scope of scopes) await client.getToken({ scope })
    const map = new Map(scopes.map((scope) => [scope, { scope }]))
    const works = {
      x5t: () => perHit((scope) => client.getToken({ scope }), scopes, 100_000),
      map: () => perHit((scope) => Promise.resolve(map.get(scope)), scopes, 100_000),
    }
    Object.assign(results, ofPart(entries, await inTurns(9, works, [['x5t', 'map']])))
  }
  return results
}

/** What the service gives one after the other; 100,000 take too long, so MSAL reads them from its own format. */
export async function theirHits(setting: Setting, name: Name): Promise<Result> {
  const results: Result = {}
  for (const entries of [1, 200]) {
    const getToken = await contestants[name](setting)
    const scopes = scopesOf(entries)
    for (const scope of scopes) await getToken(scope)
    results[entries] = await perHit(getToken, scopes, 50)
  }
  if (name === 'msal') results[100_000] = await msalFullHits(setting)
  return results
}

async function msalFullHits(setting: Setting): Promise<number> {
  const app = await msalApp(setting)
  const [first = '', ...others] = scopesOf(100_000)
  await app.acquireTokenByClientCredential({ scopes: [first] })
  const cache = JSON.parse(app.getTokenCache().serialize())
  const [[key, token] = ['', {}]] = Object.entries<object>(cache.AccessToken)
  for (const target of others) cache.AccessToken[key.replace(first, target)] = { ...token, target }
  app.getTokenCache().deserialize(JSON.stringify(cache))
  return perHit((scope) => app.acquireTokenByClientCredential({ scopes: [scope] }), [first], 3)
}
