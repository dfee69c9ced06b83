import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@x5t/emulator'
import { createClient, createClientAssertion, generateCertificate, loadCredential } from 'x5t'
import { createVerifier } from 'x5t/verify'
import { askForCar, startCarsApi } from './cars-api.ts'
import { createStory } from './story.ts'

/** Plays client, authorization server and API against each other and tells what each does. */
export async function runFlow({ showTokens }: { showTokens: boolean }): Promise<void> {
  const story = createStory({ showTokens })
  const folder = await mkdtemp(join(tmpdir(), 'x5t-flow-'))
  const entra = await startEmulator()
  const ca = entra.caPem
  const tenant = entra.tenantId
  try {
    story.intro(`Entra is played by the emulator at ${entra.url}, tenant ${tenant}`)

    const { certificatePem, privateKeyPem } = await generateCertificate({
      commonName: 'cars-reader',
      bits: 2048,
    })
    const path = join(folder, 'cars-reader.pem')
    await writeFile(path, `${privateKeyPem}${certificatePem}`, { mode: 0o600 })
    const credential = await loadCredential({ path })
    const { certificate } = credential
    story.step('A key and a self-signed certificate', {
      subject: certificate.subject,
      until: new Date(certificate.notAfter).toISOString(),
      'portal shows': certificate.thumbprintSha1Hex,
      x5t: certificate.thumbprintSha1,
      'x5t#S256': certificate.thumbprintSha256,
    })

    const api = entra.addApp({ name: 'cars-api', accessTokenVersion: 2, appRoles: ['Cars.Read'] })
    const app = entra.addApp({ name: 'cars-reader' })
    const uploaded = entra.addCertificate({ appId: app.appId, certificate: certificatePem })
    entra.grantRole({ clientAppId: app.appId, resourceAppId: api.appId, role: 'Cars.Read' })
    story.step('An app registration with the public certificate', {
      app: app.appId,
      'key id': uploaded.keyId,
      role: `Cars.Read on ${api.appId}`,
    })

    const clientId = app.appId
    const audience = `${entra.url}/${tenant}/oauth2/v2.0/token`
    const assertion = await createClientAssertion({ credential, clientId, audience, now: Date.now() })
    story.jwt('1  The client assertion, signed with the private key', assertion)

    const client = createClient({ tenant, clientId, credential, authority: entra.url, ca })
    const v1 = await client.getTokenResponse({ resource: api.appId })
    story.answer('2-4  The answer of the v1 endpoint', v1)
    const v2 = await client.getTokenResponse({ scope: `${api.appId}/.default` })
    story.answer('2-4  The answer of the v2 endpoint', v2)

    const { accessToken } = await client.getToken({ scope: `${api.appId}/.default` })
    story.jwt('The access token, signed by Entra', accessToken)

    const verifier = createVerifier({
      tenant,
      audience: api.appId,
      roles: ['Cars.Read'],
      authority: entra.url,
      ca,
    })
    const { claims } = await verifier.verify(accessToken)
    story.step('6  The API verifies it', {
      signature: 'by a key of the tenant',
      issuer: claims.iss,
      audience: claims.aud,
      roles: claims.roles,
    })

    const cars = await startCarsApi(verifier)
    try {
      const url = `${cars.url}/cars?make=tesla&model=3`
      story.step('5, 7  GET /cars?make=tesla&model=3, Authorization: Bearer …', {
        'without a token': (await fetch(url)).status,
        'with the token': JSON.stringify(await askForCar(url, accessToken)),
      })
    } finally {
      await cars.stop()
    }
    story.end('The same commands for your own app: README, "The original workflow"')
  } finally {
    await entra.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
