/** Tokens per second and start-up of the emulator, beside two peers and beside what the cryptography alone costs. */
import { fork } from 'node:child_process'
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import { once } from 'node:events'
import { generateCertificate } from 'x5t'
import { cpuMicros, medians, type Result } from '../client/clock-work.ts'
import { atLeast, atMost, beside, row, say } from '../client/report.ts'
import type { Load } from './load.ts'
import type { Job, Name, Started } from './server.ts'
import { startMs } from './start.ts'

const clientId = 'a1fe5d0c-0d0e-4d5e-9a63-1d0e5a3b7c11'
const requests = 800
const inFlight = 32
const rounds = 5
/** Rounds before those that count, in which the compiler learns: at first its threads cost a server as much as its work. */
const warmUps = 4

export async function run(): Promise<void> {
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'bench' })
  const der = new X509Certificate(certificatePem).raw
  const jwk = createPublicKey(
    new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'pem' }),
  )
  const client = {
    clientId,
    key: privateKeyPem,
    thumbprintSha256: createHash('sha256').update(der).digest('base64url'),
  }
  const job = { clientId, certificate: certificatePem, jwk: jwk.export({ format: 'jwk' }) }

  say(
    `${requests} requests, ${inFlight} in flight, medians of ${rounds} after ${warmUps}; Node ${process.version}\n`,
  )
  for (const name of ['x5t', 'x5t over https', 'oidc-provider', 'oauth2-mock-server'] as const) {
    const { perSecond = 0, perCpuSecond = 0, floor = 0 } = await tokens({ name, ...job }, client)
    const own = name === 'x5t'
    if (own) row('one RSA-2048 verify (PS256) and one sign (RS256), per CPU second', floor.toFixed(0))
    row(`tokens per second, ${name}`, perSecond.toFixed(0))
    if (own) row('  beside the cryptography', ...beside(perSecond / floor, atLeast, 0.6))
    row(`  per CPU second of the server`, perCpuSecond.toFixed(0))
    if (own) row('  beside the cryptography', ...beside(perCpuSecond / floor, atLeast, 0.6))
  }
  const { bare = 0, emulator = 0 } = await startMs()
  row(
    `process start to ready, keys present: x5t ${emulator.toFixed(0)} ms, bare Node ${bare.toFixed(0)} ms`,
    `+${(emulator - bare).toFixed(0)} ms`,
    atMost(emulator - bare, 250, 'ms'),
  )
}

/** CPU microseconds. */
function verifyAndSign(): number {
  const { publicKey, privateKey } = generated
  const data = Buffer.alloc(700, 'x')
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const signature = sign('sha256', data, { key: privateKey, ...pss })
  const times = 500
  const start = cpuMicros()
  for (let n = 0; n < times; n++) {
    verify('sha256', data, { key: publicKey, ...pss }, signature)
    sign('sha256', data, privateKey)
  }
  return (cpuMicros() - start) / times
}

const generated = generateKeyPairSync('rsa', { modulusLength: 2048 })

async function tokens(
  job: Job & { name: Name },
  client: Pick<Load, 'clientId' | 'key' | 'thumbprintSha256'>,
): Promise<Result> {
  const server = fork(new URL('server.ts', import.meta.url))
  const ended = once(server, 'exit')
  server.send(job)
  const started = await answerOf<Started>(server)
  const cpu = async () => {
    server.send('report')
    const { user, system } = await answerOf<NodeJS.CpuUsage>(server)
    return user + system
  }
  const results: Result[] = []
  for (let round = -warmUps; round < rounds; round++) {
    const before = await cpu()
    const load = fork(new URL('load.ts', import.meta.url))
    load.send({ ...started, ...client, requests, inFlight } satisfies Load)
    const ms = await answerOf<number>(load)
    const spent = (await cpu()) - before
    if (round < 0) continue
    results.push({
      perSecond: (requests * 1000) / ms,
      perCpuSecond: (requests * 1_000_000) / spent,
      // In the same minute: a core is not as fast at any time.
      floor: 1_000_000 / verifyAndSign(),
    })
  }
  server.kill()
  await ended
  return medians(results)
}

async function answerOf<T>(child: ReturnType<typeof fork>): Promise<T> {
  const settled = new AbortController()
  const { signal } = settled
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('the process ended without an answer')
  })
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended])
    return answer
  } finally {
    ended.catch(() => {}) // it is told of the abort, which is no news
    settled.abort()
  }
}
