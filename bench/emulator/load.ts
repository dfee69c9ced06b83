/** Asks for tokens from a process of its own, so that what asking costs is nobody's but its own. Job and result by IPC. */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { Agent as PlainAgent, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import type { Started } from './server.ts'

export interface Load extends Started {
  readonly clientId: string
  /** PEM. */
  readonly key: string
  readonly thumbprintSha256: string
  readonly requests: number
  readonly inFlight: number
}

process.once('message', async (load: Load) => {
  // Signed before the clock starts. Each assertion is new, for some servers take none twice.
  const forms = Array.from({ length: load.requests }, () => formOf(load))
  const ask = asker(load)
  const start = performance.now()
  await Promise.all(
    Array.from({ length: load.inFlight }, async () => {
      for (let form = forms.pop(); form !== undefined; form = forms.pop()) await ask(form)
    }),
  )
  process.send?.(performance.now() - start, () => process.exit())
})

function formOf({ clientId, key, thumbprintSha256, audience, fields }: Load): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    iat: now,
    nbf: now,
    exp: now + 300,
  }
  const signed = `${part({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprintSha256 })}.${part(claims)}`
  const options = { key: privateKey(key), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const signature = sign('sha256', Buffer.from(signed), options).toString('base64url')
  return new URLSearchParams({
    client_id: clientId,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${signed}.${signature}`,
    ...fields,
  }).toString()
}

let parsed: ReturnType<typeof createPrivateKey> | undefined
function privateKey(pem: string) {
  parsed ??= createPrivateKey(pem)
  return parsed
}

/** A token or an error: an answer that is no token would be fast, and worth nothing. */
function asker({ tokenEndpoint, ca, inFlight }: Load): (form: string) => Promise<void> {
  const secure = tokenEndpoint.startsWith('https:')
  const request = secure ? requestTls : requestPlain
  const agent = new (secure ? TlsAgent : PlainAgent)({ keepAlive: true, maxSockets: inFlight })
  return (form) =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(form),
      }
      const outgoing = request(tokenEndpoint, { method: 'POST', agent, headers, ca }, (incoming) => {
        let body = ''
        incoming.on('data', (chunk) => {
          body += chunk
        })
        incoming.on('end', () =>
          body.includes('"access_token"') ? resolve() : reject(new Error(body.slice(0, 300))),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(form)
    })
}
