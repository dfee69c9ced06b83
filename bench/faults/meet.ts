/** One library meets every fault; argv: a Job. Sends what came of each to its parent. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { inspect } from 'node:util'
import { bodies } from '../../packages/x5t/test/faults/bodies.ts'
import { clocks } from '../../packages/x5t/test/faults/clocks.ts'
import { connections } from '../../packages/x5t/test/faults/connections.ts'
import type { Fault } from '../../packages/x5t/test/faults/fault.ts'
import { networks } from '../../packages/x5t/test/faults/networks.ts'
import { startScripted, startStage } from '../../packages/x5t/test/faults/stage.ts'
import { statuses } from '../../packages/x5t/test/faults/statuses.ts'
import { listen } from '../../packages/x5t/test/support/listen.ts'
import { contestants, type GetToken, type Name } from '../client/clients.ts'

export interface Job {
  readonly name: Name
  readonly path: string
  readonly thumbprintSha256Hex: string
  /** Of the TLS server, files. */
  readonly key: string
  readonly cert: string
}

export interface Finding {
  readonly fault: string
  /** What was wrong with how it was met; undefined if nothing. */
  readonly flaw: string | undefined
}

/** A caller waits no longer than this, whatever happens. */
const patienceMs = 35_000
const tenant = '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31'

const job: Job = JSON.parse(process.argv[2] ?? '')
const stage = await startStage()

/** TLS before a plain server, byte by byte, so that what breaks there breaks here. Metadata is its own. */
async function secured(port: number): Promise<string> {
  const files = { key: readFileSync(job.key), cert: readFileSync(job.cert) }
  const server = createServer(files, (socket) => {
    socket.on('error', () => {})
    socket.once('data', (first) => {
      if (first.toString('latin1').startsWith('GET ')) return socket.end(metadata())
      const inner = connect(port, '127.0.0.1', () => inner.write(first))
      inner.on('error', () => socket.destroy())
      inner.pipe(socket)
      socket.pipe(inner)
      socket.on('close', () => inner.destroy())
      return undefined
    })
  })
  const outer = await listen(server)
  const metadata = () => {
    const base = `https://localhost:${outer}/${tenant}`
    const body = JSON.stringify({
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    })
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close'
    return `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  }
  return `https://localhost:${outer}`
}

async function meet(fault: Fault): Promise<string | undefined> {
  const { answers, expected, calls = 1, options } = fault
  let astray = 0
  const elsewhere = createPlainServer((_, response) => {
    astray++
    response.end()
  })
  const own = { ...stage, elsewhere: `http://127.0.0.1:${await listen(elsewhere)}` }
  const scripted = await startScripted(own, answers)
  const named = options?.(own)
  const authority = named !== undefined && 'authority' in named ? named.authority : undefined
  const url = authority ?? (await secured(Number(new URL(scripted.url).port)))
  const result = await skew
    .run(fault.skewMs ?? 0, withinPatience, async () => {
      const getToken: GetToken = await contestants[job.name]({ ...job, url, countsUrl: '' }, tenant)
      for (let call = 1; call < calls; call++) await getToken(`scope${call}/.default`)
      return getToken('the-scope/.default')
    })
    .then(
      (value) => ({ token: tokenOf(value) }),
      (error: unknown) => ({ error }),
    )
  if ('error' in result && result.error === tooLate) return 'holds the caller for 35 s and more'
  if (astray > 0) return 'sends the assertion elsewhere'
  if (scripted.assertions.length > expected.requests + 2) return 'asks again and again'
  if ('token' in expected) {
    if ('error' in result) return 'fails, where a token can be had'
    return result.token === expected.token ? undefined : 'takes for a token what is none'
  }
  if ('token' in result) return 'takes for a token what is none'
  const seen = inspect(result.error, { depth: 9, maxStringLength: null })
  const isLeaked = scripted.assertions.some(({ raw }) => raw.split('.').some((part) => seen.includes(part)))
  return isLeaked ? 'shows the assertion in its error' : undefined
}

const tooLate = new Error('too late')

async function withinPatience<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, patienceMs, tooLate)
  })
  return Promise.race([work(), late]).finally(() => clearTimeout(timer))
}

function tokenOf(value: unknown): unknown {
  const { accessToken, token } = Object(value)
  return accessToken ?? token
}

/** By how much the clock is off for what is called from here; the official libraries take none. The servers' is right. */
const skew = new AsyncLocalStorage<number>()
const TrueDate = Date
globalThis.Date = class extends TrueDate {
  constructor(...given: []) {
    if (given.length === 0) super(TrueDate.now() + (skew.getStore() ?? 0))
    else super(...given)
  }
  static override now() {
    return TrueDate.now() + (skew.getStore() ?? 0)
  }
} as DateConstructor // callable without new too, which nobody does here

// What a library does after it has answered must not end the others.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

const findings: Finding[] = []
const queue = [...bodies, ...statuses, ...connections, ...networks, ...clocks]
async function work(): Promise<void> {
  for (let fault = queue.shift(); fault !== undefined; fault = queue.shift())
    findings.push({ fault: fault.name, flaw: await meet(fault) })
}
await Promise.all(Array.from({ length: 32 }, work))
process.send?.(findings)
