import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import { SignJWT } from 'jose'
import { createApp } from '../../src/app.ts'
import { issueCertificate } from '../../src/certificate/issue-certificate.ts'
import { createClock } from '../../src/clock/clock.ts'
import { createControl } from '../../src/directory/control.ts'
import type { Directory } from '../../src/directory/directory.ts'
import type { NewApp } from '../../src/directory/new-app.ts'
import { plant } from '../../src/directory/seed.ts'
import { createJournal, type Journal } from '../../src/journal/journal.ts'
import type { JudgedRequest } from '../../src/routes/route.ts'
import type { LifetimeOptions } from '../../src/token/lifetime.ts'
import { createSigningKeys } from '../../src/token/signing-keys.ts'
import { createWeather } from '../../src/weather/weather.ts'

export const now = Date.parse('2026-09-14T08:12:31Z')
export const seconds = now / 1000
export const tenantId = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'
export const otherTenantId = '5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42'
export const origin = 'https://localhost:8443'
export const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** One set for the stages of a file: RSA keys take their time. */
const sharedKeys = createSigningKeys({ now: () => now, longestLifetimeMs: 28 * 3_600_000 })

/** A certificate for `key`, PEM, from a day before `now` unless told otherwise. */
export async function certify(
  key: KeyObject = privateKey,
  { days = 365, from = now - 86_400_000, commonName = 'billing' } = {},
): Promise<string> {
  const der = await issueCertificate({
    commonName,
    publicKey: createPublicKey(key),
    issuer: { commonName, privateKey: key },
    notBefore: from,
    notAfter: from + days * 86_400_000,
  })
  return new X509Certificate(der).toString()
}

/** What was written down on every stage, the last one last: a case may set a stage of its own. */
export const journals: { readonly journal: Journal; readonly directory: Directory }[] = []

/** The emulator's routes without a network, one registered app, and what its client would send. */
export async function createStage(registration: Partial<NewApp> = {}, lifetime: LifetimeOptions = {}) {
  const certificate = await certify()
  const seed = { tenants: [{ id: tenantId, domains: ['contoso.onmicrosoft.com'] }, { id: otherTenantId }] }
  const clock = createClock(() => now)
  const directory = plant(seed, clock.now)
  const control = createControl(directory, seed, clock.now)
  const sky = createWeather(directory, clock.now)
  /** Milliseconds that faults asked to wait. */
  const slept: number[] = []
  const api = control.addApp({ name: 'cars', accessTokenVersion: 2, appRoles: ['Cars.Read'] })
  const client = control.addApp({ name: 'billing', certificates: [certificate], ...registration })
  const signingKeys = await sharedKeys
  const judged: JudgedRequest[] = []
  const journal = createJournal()
  const app = createApp({
    directory,
    control,
    signingKeys,
    clock,
    sky,
    sleep: async (ms) => {
      slept.push(ms)
    },
    lifetime: { tokenLifetimeSeconds: 3600, ...lifetime },
    journal,
    caPem: '',
    listening: '127.0.0.1',
    onJudgement: (one) => judged.push(one),
  })

  const stage = {
    app,
    journal,
    api,
    client,
    certificate,
    control,
    directory,
    signingKeys,
    judged,
    clock,
    sky,
    slept,
    /** What a careful client sends to the v2 endpoint; `undefined` leaves a field out. */
    async form(changes: Record<string, string | undefined> = {}): Promise<string> {
      const form = new URLSearchParams({
        client_id: client.appId,
        scope: `api://${api.appId}/.default`,
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: changes.client_assertion ?? (await assertion({ appId: client.appId, certificate })),
      })
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) form.delete(name)
        else form.set(name, value)
      }
      return form.toString()
    },
    post(body: string, { path = `/${tenantId}/oauth2/v2.0/token`, headers = {} } = {}): Promise<Response> {
      return Promise.resolve(
        app.request(`${origin}${path}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        }),
      )
    },
    get(path: string, headers: Record<string, string> = {}): Promise<Response> {
      return Promise.resolve(app.request(`${origin}${path}`, { headers }))
    },
  }
  journals.push(stage)
  return stage
}

export type Stage = Awaited<ReturnType<typeof createStage>>

export const sha = (algorithm: 'sha1' | 'sha256', pem: string) =>
  createHash(algorithm).update(new X509Certificate(pem).raw).digest()

/** A client assertion made by jose; `undefined` leaves a claim or header out. */
export async function assertion(options: {
  appId: string
  certificate: string
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: KeyObject
}): Promise<string> {
  const { appId, certificate, header = {}, claims = {}, key = privateKey } = options
  const payload = {
    aud: `${origin}/${tenantId}/oauth2/v2.0/token`,
    iss: appId,
    sub: appId,
    jti: randomUUID(),
    nbf: seconds,
    exp: seconds + 600,
    ...claims,
  }
  const standard = { alg: 'PS256', typ: 'JWT', 'x5t#S256': sha('sha256', certificate).toString('base64url') }
  return new SignJWT(withoutUndefined(payload))
    .setProtectedHeader(withoutUndefined({ ...standard, ...header }) as { alg: string }) // as: `alg` is never left out
    .sign(key)
}

function withoutUndefined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** What a token endpoint answers, success and refusal; a test asserts which. */
export interface Body {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: unknown
  readonly ext_expires_in: unknown
  readonly refresh_in: unknown
  readonly error: string
  readonly error_codes: readonly number[]
  readonly error_description: string
  readonly error_uri: string | undefined
  readonly trace_id: string
  readonly correlation_id: string
  readonly timestamp: string
}

export async function bodyOf(response: Response | Promise<Response>): Promise<Body> {
  return (await (await response).json()) as Body // as: the assertions read it member by member
}
