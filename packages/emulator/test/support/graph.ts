import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { SignJWT } from 'jose'
import type { NewApp } from '../../src/directory/new-app.ts'
import { bodyOf, createStage, origin, privateKey, seconds } from './stage.ts'

/** Of nobody on the stage. */
export const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const graphAppId = '00000003-0000-0000-c000-000000000000'

/** What Graph answers; a test asserts which. */
export interface GraphReply {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: Graph's JSON, which the assertions read member by member
  readonly body: any
}

/** The emulator without a network, and a client that asks its Graph with tokens that it issued. */
export async function createGraphStage() {
  const stage = await createStage()

  /** An access token for Graph of a new app with these roles. */
  async function tokenOf(
    roles: readonly string[],
    app: Partial<NewApp> = {},
    resource = 'https://graph.microsoft.com',
  ) {
    const added = stage.control.addApp({
      name: 'caller',
      secrets: ['s3cret'],
      grants: roles.map((role) => ({ resourceAppId: graphAppId, role })),
      ...app,
    })
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: added.appId,
      client_secret: 's3cret',
      scope: `${resource}/.default`,
    })
    const { access_token: token } = await bodyOf(stage.post(body.toString()))
    return { ...added, token }
  }

  const admin = await tokenOf([
    'Application.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
    'Policy.ReadWrite.ApplicationConfiguration',
  ])

  async function call(
    method: string,
    path: string,
    body?: unknown,
    { token = admin.token, headers = {} as Record<string, string>, version = '/v1.0' } = {},
  ): Promise<GraphReply> {
    const response = await stage.app.request(`${origin}${version}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }

  return { ...stage, admin, tokenOf, call }
}

export type GraphStage = Awaited<ReturnType<typeof createGraphStage>>

/** A certificate as Graph takes it. */
export const derBase64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64')

export const keyCredential = (pem: string, members: object = {}) => ({
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  key: derBase64(pem),
  ...members,
})

/** A proof of possession made by jose, as X509SigningCredentials would; `undefined` leaves a member out. */
export async function proof(options: {
  issuer: string
  certificate: string
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: KeyObject | Uint8Array
}): Promise<string> {
  const { issuer, certificate, header = {}, claims = {}, key = privateKey } = options
  const sha1 = createHash('sha1').update(new X509Certificate(certificate).raw).digest()
  const all = {
    alg: 'RS256',
    typ: 'JWT',
    kid: sha1.toString('hex').toUpperCase(),
    x5t: sha1.toString('base64url'),
    ...header,
  }
  const payload = {
    aud: '00000002-0000-0000-c000-000000000000',
    iss: issuer,
    nbf: seconds,
    exp: seconds + 600,
    ...claims,
  }
  const said = <T extends object>(members: T) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  return new SignJWT(said(payload)).setProtectedHeader(said(all) as { alg: string }).sign(key) // as: `alg` is never left out
}
