import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Verifier } from 'x5t/verify'

const cars = [
  { make: 'tesla', model: '3', year: 2019, colour: 'blue' },
  { make: 'volvo', model: 'ex30', year: 2024, colour: 'yellow' },
]

/** A small API: it answers only those whose token the verifier accepts. */
export async function startCarsApi(verifier: Verifier): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const allowed = await verifier.verify(token).then(
      () => true,
      () => false,
    )
    response.setHeader('content-type', 'application/json')
    if (!allowed) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{"error":"unauthorized"}')
      return
    }
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const found = cars.find(
      (car) => car.make === searchParams.get('make') && car.model === searchParams.get('model'),
    )
    response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? { error: 'not found' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the cars API has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export async function askForCar(url: string, accessToken: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
  if (!response.ok) throw new Error(`the cars API answered ${response.status}`)
  return response.json()
}
