import { generateKeyPairSync } from 'node:crypto'
import {
  assertion,
  certify,
  createStage,
  now,
  origin,
  privateKey,
  seconds,
  sha,
} from '../../support/stage.ts'
import { asserting, type Case, sending } from './case.ts'

const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const { privateKey: ecKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const dayMs = 86_400_000

/** A request by an app with this certificate, signed with this key. */
const certified =
  (
    certificate: () => Promise<string>,
    key = privateKey,
    header: Record<string, unknown> = {},
  ): Case['send'] =>
  async () => {
    const pem = await certificate()
    const stage = await createStage({ certificates: [pem] })
    const jwt = await assertion({ appId: stage.client.appId, certificate: pem, key, header })
    return stage.post(await stage.form({ client_assertion: jwt }))
  }

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Faults of a client assertion, in the order in which they are looked for. */
export const assertionCases: readonly Case[] = [
  { what: 'no JWT', send: sending({ client_assertion: 'x' }), aadsts: 50027, text: /^JWT token is invalid/ },
  {
    what: 'a JWT around a list',
    send: sending({ client_assertion: `${part({ alg: 'PS256' })}.${part([])}.AAAA` }),
    aadsts: 50027,
    text: /^JWT token is invalid/,
  },
  {
    what: 'JSON that is nested without end',
    send: sending({
      client_assertion: `${part({})}.${Buffer.from('['.repeat(20_000)).toString('base64url')}.AAAA`,
    }),
    aadsts: 50027,
    text: /^JWT token is invalid/,
  },
  {
    what: 'padding in the JWT',
    send: async (stage) => {
      const jwt = await assertion({ appId: stage.client.appId, certificate: stage.certificate })
      return stage.post(await stage.form({ client_assertion: `${jwt}=` }))
    },
    aadsts: 50027,
    text: /^JWT token is invalid/,
  },
  {
    what: 'PS512',
    send: asserting({ header: { alg: 'PS512' } }),
    aadsts: 5002738,
    text: /^Invalid JWT token\. 'PS512' is not a supported signature algorithm\. .*'RS256,RS384,RS512'/,
  },
  {
    what: 'ES256, though the certificate is registered',
    send: certified(() => certify(ecKey), ecKey, { alg: 'ES256' }),
    aadsts: 5002738,
    text: /^Invalid JWT token\. 'ES256'/,
  },
  {
    what: 'alg none',
    send: sending({ client_assertion: `${part({ alg: 'none' })}.${part({})}.AAAA` }),
    aadsts: 5002738,
    text: /^Invalid JWT token\. 'none'/,
  },
  {
    what: 'no thumbprint and no kid',
    send: asserting({ header: { 'x5t#S256': undefined } }),
    aadsts: 5002723,
    text: /^Invalid JWT token\. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId/,
  },
  { what: 'no iss', send: asserting({ claims: { iss: undefined } }), aadsts: 90014, text: /field 'iss' is/ },
  { what: 'no sub', send: asserting({ claims: { sub: undefined } }), aadsts: 90014, text: /field 'sub' is/ },
  { what: 'no aud', send: asserting({ claims: { aud: undefined } }), aadsts: 90014, text: /field 'aud' is/ },
  { what: 'an empty aud', send: asserting({ claims: { aud: [] } }), aadsts: 90014, text: /field 'aud' is/ },
  {
    what: 'another iss',
    send: asserting({ claims: { iss: 'someone' } }),
    aadsts: 700021,
    text: /^Client assertion application identifier doesn't match 'client_id' parameter\. Review .* \./,
  },
  {
    what: 'another sub',
    send: asserting({ claims: { sub: 'someone' } }),
    aadsts: 50048,
    text: /^Subject mismatches Issuer claim/,
  },
  ...[
    `${origin}/common/oauth2/v2.0/token`,
    `${origin}/5d2cf5b0-7c39-4b7e-9f0e-3a1c9d1e6b42/v2.0`,
    `${origin}/8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31/oauth2/authorize`,
    'https://login.microsoftonline.us/8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31/v2.0',
    'http://login.microsoftonline.com/8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31/v2.0',
    'https://evil.example/8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31/v2.0',
    '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31',
  ].map((aud) => ({
    what: `aud ${aud}`,
    send: asserting({ claims: { aud } }),
    aadsts: 700023,
    text: /^Client assertion audience claim does not match Realm issuer\. Review .* \./,
  })),
  {
    what: 'an audience for mutual TLS',
    send: asserting({ claims: { aud: 'https://mtlsauth.microsoft.com/x/oauth2/v2.0/token' } }),
    aadsts: 50171,
    text: /^The given audience can only be used in Mutual-TLS/,
  },
  {
    what: 'exp passed',
    send: asserting({ claims: { nbf: seconds - 900, exp: seconds - 300 } }),
    aadsts: 700024,
    text: /Current time: 2026-09-14T08:12:31\.0000000Z, assertion valid from 2026-09-14T07:57:31\.0000000Z, expiry time of assertion 2026-09-14T08:07:31\.0000000Z\. Review/,
  },
  {
    what: 'nbf to come',
    send: asserting({ claims: { nbf: seconds + 301 } }),
    aadsts: 700024,
    text: /assertion valid from 2026-09-14T08:17:32\.0000000Z/,
  },
  {
    what: 'no exp',
    send: asserting({ claims: { nbf: undefined, exp: undefined } }),
    aadsts: 700024,
    text: /valid from 1970-01-01T00:00:00\.0000000Z, expiry time of assertion 1970-01-01T00:00:00\.0000000Z/,
  },
  {
    what: 'nbf beyond the calendar of .NET',
    send: asserting({ claims: { nbf: 8e12 } }),
    aadsts: 700024,
    text: /valid from 9999-12-31T23:59:59\.9990000Z/,
  },
  {
    what: 'an exp in words',
    send: asserting({ claims: { exp: 'soon' } }),
    aadsts: 50027,
    text: /^JWT token/,
  },
  {
    what: 'a certificate that is not registered, named by x5t',
    send: async (stage) => {
      const certificate = await certify(otherKey)
      const x5t = sha('sha1', certificate).toString('base64url')
      return asserting({ key: otherKey, header: { alg: 'RS256', 'x5t#S256': undefined, x5t } })(stage)
    },
    aadsts: 700027,
    text: /^The certificate with identifier used to sign the client assertion is not registered on application\. \[Reason - The key was not found\., Thumbprint of key used by client: '[0-9A-F]{40}', Please visit .* app Id '[-0-9a-f]{36}'\..*beta\/applications\/[-0-9a-f]{36}'\]\./,
  },
  {
    what: 'a certificate that is not registered, named by x5t#S256',
    send: asserting({ header: { 'x5t#S256': 'A'.repeat(43) } }),
    aadsts: 700027,
    text: /\[Reason - The key was not found\., Please visit/,
  },
  {
    what: 'another certificate of the same key',
    send: async (stage) => {
      const other = sha('sha256', await certify(privateKey, { commonName: 'other' })).toString('base64url')
      return asserting({ header: { 'x5t#S256': other } })(stage)
    },
    aadsts: 700027,
    text: /\[Reason - The key was not found\./,
  },
  {
    what: 'thumbprints of two certificates',
    send: asserting({ header: { x5t: 'A'.repeat(27) } }),
    aadsts: 700027,
    text: /\[Reason - The key was not found\./,
  },
  {
    what: 'a kid that is no thumbprint',
    send: asserting({ header: { 'x5t#S256': undefined, kid: 'my-key' } }),
    aadsts: 700027,
    text: /\[Reason - The key was not found\., Please visit/,
  },
  {
    what: 'an expired certificate',
    send: certified(() => certify(privateKey, { from: now - 2 * dayMs, days: 1 })),
    aadsts: 700027,
    text: /is expired on application\. \[Reason - The key used is expired\., Found key 'Start=09\/12\/2026 08:12:31, End=09\/13\/2026 08:12:31', Please/,
  },
  {
    what: 'a certificate that is not valid yet',
    send: certified(() => certify(privateKey, { from: now + dayMs })),
    aadsts: 700027,
    text: /\[Reason - The key used is expired\./,
  },
  {
    what: 'the signature of another key',
    send: asserting({ key: otherKey }),
    aadsts: 700027,
    text: /^Client assertion contains an invalid signature\. \[Reason - The provided signature value did not match the expected signature value\., Found key 'Start=/,
  },
  {
    what: 'RS256 for a certificate of another kind',
    send: certified(() => certify(ecKey), otherKey, { alg: 'RS256' }),
    aadsts: 700027,
    text: /\[Reason - Key was found, but use of the key to verify the signature failed\., Found key 'Start=/,
  },
]
