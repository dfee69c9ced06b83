import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach } from 'node:test'
import { demo, type Emulator, startEmulator } from '@x5t/emulator'
import { generateCertificate } from 'x5t'
import { createStage } from './stage.ts'

/** An API on loopback that answers what each test says, and an emulator that gives the tokens. */
export const stage = createStage()
const servers: Server[] = []
export let entra: Emulator
export let api: string
/** What the API answers, and what it was asked in a test. */
export const service: { answer: RequestListener; requests: IncomingMessage[] } = {
  answer: () => {},
  requests: [],
}

before(async () => {
  entra = await startEmulator()
  const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'caller' })
  entra.addCertificate({ appId: demo.appId, certificate: certificatePem })
  stage.write('app.pem', privateKeyPem + certificatePem)
  stage.write('ca.pem', entra.caPem)
  const profile = {
    tenant: demo.tenantId,
    clientId: demo.appId,
    certificate: 'app.pem',
    authority: entra.url,
    ca: 'ca.pem',
    scope: `api://${demo.carsAppId}/.default`,
  }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
  api = await listen((request, response) => {
    service.requests.push(request)
    service.answer(request, response)
  })
})
beforeEach(() => {
  service.requests = []
})
after(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await entra.stop()
  stage.remove()
})

export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
}

export const json =
  (value: unknown, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
