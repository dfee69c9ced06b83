/** Asks for tokens from a process of its own, so that what asking costs is nobody's but its own. Job and result by IPC. */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
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
  const requests = Array.from({ length: load.requests }, () => requestOf(load))
  const start = performance.now()
  await Promise.all(Array.from({ length: load.inFlight }, () => ask(load, requests)))
  process.send?.(performance.now() - start, () => process.exit())
})

function requestOf(load: Load): string {
  const { host, pathname } = new URL(load.tokenEndpoint)
  const form = formOf(load)
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${form.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${form}`
}

/** All of it ASCII. */
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

/**
 * Asks over one connection until no request is left. Bytes made before are written and the answer is counted, no more:
 * server and load share the cores, and what an HTTP client costs would be missing at the server.
 */
async function ask({ tokenEndpoint, ca }: Load, requests: string[]): Promise<void> {
  const { protocol, hostname: host, port } = new URL(tokenEndpoint)
  const where = { host, port: Number(port) }
  const secure = protocol === 'https:'
  const socket = secure ? connectTls({ ...where, ca, servername: host }) : connect(where)
  await once(socket, secure ? 'secureConnect' : 'connect')
  socket.setEncoding('latin1')
  for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
    socket.write(request)
    await readToken(socket)
  }
  socket.destroy()
}

/** A token or an error: an answer that is no token would be fast, and worth nothing. */
async function readToken(socket: Socket): Promise<void> {
  let answer = ''
  while (!isWhole(answer)) {
    const [text] = await once(socket, 'data')
    answer += text
  }
  if (!answer.includes('"access_token"')) throw new Error(answer.slice(0, 1000))
}

function isWhole(answer: string): boolean {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4
  if (bodyAt < 4) return false
  const [, length] = /\ncontent-length: (\d+)/i.exec(answer.slice(0, bodyAt)) ?? []
  if (length === undefined) throw new Error(`of unknown length: ${answer.slice(0, bodyAt)}`)
  return answer.length >= bodyAt + Number(length)
}
