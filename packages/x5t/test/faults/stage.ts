import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { decodeJwt } from 'jose'
import { listen } from '../support/listen.ts'
import { selfSigned } from '../support/tls.ts'
import type { Answer, Stage } from './fault.ts'

/** The servers around all faults; `arrivals` is what came to the one where nothing must come. */
export async function startStage(): Promise<Stage & { arrivals: IncomingMessage[] }> {
  const arrivals: IncomingMessage[] = []
  const silent: RequestListener = (request, response) => {
    arrivals.push(request)
    response.end()
  }
  const closing = createTcpServer()
  const deadPort = await listen(closing)
  closing.close()
  const otherName = selfSigned('other.example')
  const clientOnly = selfSigned('localhost', 'client.example', ['extendedKeyUsage=clientAuth'])
  return {
    arrivals,
    deadPort,
    elsewhere: `http://127.0.0.1:${await listen(createServer(silent))}`,
    tlsPort: await listen(createTlsServer(selfSigned('localhost'), silent)),
    tlsOtherNamePort: await listen(createTlsServer(otherName, silent)),
    otherNameCa: otherName.cert,
    tlsClientOnlyPort: await listen(createTlsServer(clientOnly, silent)),
    clientOnlyCa: clientOnly.cert,
  }
}

/** A token endpoint that answers by script. */
export async function startScripted(stage: Stage, answers: readonly Answer[]) {
  const assertions: { jti: string; exp: number; nbf: number; sub: string; raw: string }[] = []
  const connections = new Set<unknown>()
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const raw = form.get('client_assertion') ?? ''
    const { jti = '', exp = 0, nbf = 0, sub = '' } = decodeJwt(raw)
    const assertion = { jti, exp, nbf, sub, raw }
    assertions.push(assertion)
    connections.add(request.socket)
    const script = answers[Math.min(assertions.length, answers.length) - 1]
    script?.({ ...stage, request, response, form, assertion })
  })
  server.keepAliveTimeout = 60_000
  const port = await listen(server)
  return { url: `http://127.0.0.1:${port}`, assertions, connections }
}
