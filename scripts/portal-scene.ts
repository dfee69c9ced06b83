import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { SignJWT } from 'jose'
import { generateCertificate } from 'x5t'

/** An emulator with something to show. */
export interface Scene {
  readonly entra: Emulator
  /** PEM of a certificate that is not registered yet. */
  readonly upload: string
  /** What is random in the pages, and what is shown in its place: two runs make the same pictures. */
  readonly shown: ReadonlyMap<string, string>
}

const start = Date.parse('2026-09-14T08:12:31Z')
const dayMs = 86_400_000

export async function setScene(): Promise<Scene> {
  let now = start
  const [current, old, upload] = await Promise.all([
    certify('billing-daemon', 197),
    certify('billing-daemon 2025', 500),
    certify('billing-daemon 2027', 0),
  ])
  // The journal measures judging by it.
  let measured = 0
  performance.now = () => {
    measured += 0.7
    return measured
  }
  const entra = await startEmulator({
    now: () => now,
    tokenLifetimeSeconds: 3600,
    seed: {
      tenants: [
        {
          id: demo.tenantId,
          displayName: 'Contoso',
          domains: [demo.domain],
          apps: [
            {
              name: 'billing-daemon',
              appId: demo.appId,
              servicePrincipalId: '2f6d0f0e-8b1c-4d53-9a3e-6f1f0c7a5b21',
              certificates: [
                { certificate: current.pem, keyId: '9c1e2d3a-5d27-4f7e-8a44-1f2e3d4c5b6a' },
                { certificate: old.pem, keyId: 'be02f1c4-77aa-4b0e-9d1b-0a9b8c7d6e5f' },
              ],
              grants: [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }],
            },
            { name: 'cars', appId: demo.carsAppId, accessTokenVersion: 2, appRoles: ['Cars.Read'] },
          ],
        },
      ],
    },
  })

  const address = new URL(`${entra.url}/${demo.tenantId}/oauth2/v2.0/token`)
  let asked = 0
  /** One token request, good but for what is given. */
  async function ask(change: { claims?: object; thumbprint?: string; fields?: Record<string, string> } = {}) {
    asked += 1
    const seconds = Math.floor(now / 1000)
    const parties = { aud: address.href, iss: demo.appId, sub: demo.appId, jti: guid(asked) }
    const assertion = new SignJWT({ ...parties, nbf: seconds, exp: seconds + 600, ...change.claims })
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': change.thumbprint ?? current.sha256 })
      .sign(current.key)
    const form = new URLSearchParams({
      client_id: demo.appId,
      scope: `api://${demo.carsAppId}/.default`,
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion,
      ...change.fields,
    })
    await post(address, form.toString(), entra.caPem, guid(asked))
    now += 1733
  }
  await ask()
  await ask({ fields: { 'x-client-SKU': 'MSAL.JS' } })
  await ask({ claims: { nbf: start / 1000 - 7200, exp: start / 1000 - 3600 } })
  await ask()
  await ask({ fields: { scope: 'api://nobody/.default' } })
  await ask()
  await ask({ thumbprint: upload.sha256 })

  const shown = new Map<string, string>([[address.host, 'localhost:8443']])
  for (const [name, { sha1Hex, sha256 }] of Object.entries({ current, old, upload })) {
    const stand = (algorithm: string) => createHash(algorithm).update(name).digest()
    shown.set(sha1Hex, stand('sha1').toString('hex').toUpperCase())
    shown.set(sha256, stand('sha256').toString('base64url'))
    shown.set(sha256.slice(0, 10), stand('sha256').toString('base64url').slice(0, 10))
  }
  return { entra, upload: upload.pem, shown }
}

async function certify(commonName: string, daysAgo: number) {
  const now = () => start - daysAgo * dayMs
  const { certificatePem: pem, privateKeyPem } = await generateCertificate({ commonName, now })
  const { raw } = new X509Certificate(pem)
  return {
    pem,
    key: createPrivateKey(privateKeyPem),
    sha1Hex: createHash('sha1').update(raw).digest('hex').toUpperCase(),
    sha256: createHash('sha256').update(raw).digest('base64url'),
  }
}

const guid = (n: number) => `5b0f6b1e-3c58-4d0a-9c27-${String(n).padStart(12, '0')}`

function post(url: URL, body: string, ca: string, id: string): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'client-request-id': id }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', ca, headers }, (incoming) => {
      incoming.resume().on('end', resolve)
    })
    outgoing.on('error', reject).end(body)
  })
}
