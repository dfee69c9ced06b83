import { writeRunFile } from '../../src/emulator/run-file.ts'
import { clients, emulator, token, verify } from './command-lines.ts'
import { configure, type Failure } from './failures.ts'
import type { World } from './world.ts'

const nobody = '22222222-2222-4333-8444-555555555555'
const calls = [
  'call @/cars --no-cache',
  'call @/cars --no-cache --paginate',
  'call @/cars --no-cache --data {}',
  'call @/cars --no-cache --out answer',
]

/** What the way, the service, the API or a token is to blame for. */
export const serviceFailures: readonly Failure[] = [
  {
    what: 'a certificate of the CA is damaged',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange(world) {
      const name = 'CERTIFICATE'
      world.stage.write('damaged.pem', `-----BEGIN ${name}-----\nMIIB\n-----END ${name}-----\n`)
      return configure(world, { ca: 'damaged.pem' })
    },
    meets: [...clients, ...emulator],
  },
  {
    what: 'the tenant does not exist',
    code: 'ERR_ENTRA_REFUSED',
    exitCode: 4,
    arrange: (world) => configure(world, { tenant: nobody }),
    meets: clients,
  },
  {
    what: 'the tenant whose keys are asked for does not exist',
    code: 'ERR_METADATA_REFUSED',
    exitCode: 4,
    arrange: (world) => configure(world, { tenant: nobody }),
    meets: [verify],
  },
  {
    what: 'the app does not exist',
    code: 'ERR_ENTRA_REFUSED',
    exitCode: 4,
    arrange: (world) => configure(world, { clientId: nobody }),
    meets: clients,
  },
  {
    what: 'the certificate is not registered',
    code: 'ERR_ENTRA_REFUSED',
    exitCode: 4,
    arrange: (world) => configure(world, { certificate: 'other.crt', key: 'other.key' }),
    meets: clients,
  },
  {
    what: 'the resource does not exist',
    code: 'ERR_ENTRA_REFUSED',
    exitCode: 4,
    meets: [
      `${token} --scope https://nope.example/.default`,
      `${token} --resource https://nope.example`,
      'call https://localhost:1/ --no-cache --scope https://nope.example/.default',
    ],
  },
  {
    what: 'the emulator knows no such thing',
    code: 'ERR_EMULATOR_REFUSED',
    exitCode: 4,
    meets: [
      `emulator cert add other.crt --app ${nobody}`,
      `emulator cert list --app ${nobody}`,
      `emulator cert remove ${nobody}`,
      `emulator role grant Cars.Read --resource ${nobody}`,
      'emulator weather clear w99',
    ],
  },
  {
    what: 'what answers is no emulator',
    code: 'ERR_EMULATOR_REFUSED',
    exitCode: 4,
    async arrange(world) {
      const { url } = await answering(world, 200, '<html>')
      await writeRunFile(world.stage.io(), { url, port: 0, tenantId: '', appId: '', pid: process.pid })
      return configure(world, { authority: url })
    },
    meets: [...emulator, 'emulator stop'],
  },
  {
    what: 'the API refuses',
    code: 'ERR_API_REFUSED',
    exitCode: 4,
    arrange: (world) => answering(world, 403, '{ "error": { "code": "Forbidden", "message": "no" } }'),
    meets: calls,
  },
  {
    what: 'the API is out of order',
    code: 'ERR_API_UNAVAILABLE',
    exitCode: 5,
    arrange: (world) => answering(world, 502, '<html>'),
    meets: calls,
  },
  {
    what: 'the name does not resolve',
    code: 'ERR_NO_ANSWER',
    exitCode: 5,
    arrange: (world) => configure(world, { authority: 'https://login.invalid' }),
    meets: [...clients, verify],
  },
  {
    what: 'nothing listens',
    code: 'ERR_NO_ANSWER',
    exitCode: 5,
    arrange: (world) => configure(world, { authority: 'https://localhost:1' }),
    meets: [...clients, verify, ...emulator, 'call http://127.0.0.1:1/ --no-cache'],
  },
  {
    what: 'the connection ends in the middle of the answer',
    code: 'ERR_NO_ANSWER',
    exitCode: 5,
    async arrange(world) {
      const authority = await world.serve((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
        response.write('{ "a": ', () => request.socket.destroy())
      })
      return configure(world, { authority })
    },
    meets: [...clients, verify, ...emulator],
  },
  {
    what: 'the CA is not trusted',
    code: 'ERR_TLS_UNTRUSTED',
    exitCode: 5,
    arrange: (world) => configure(world, { ca: undefined }),
    meets: [...clients, verify],
  },
  {
    what: 'the server speaks no TLS',
    code: 'ERR_TLS_FAILED',
    exitCode: 5,
    async arrange(world) {
      const { url } = await answering(world, 200, '')
      return configure(world, { authority: url.replace('http:', 'https:') })
    },
    meets: [...clients, verify],
  },
  {
    what: 'a page answers for the token service',
    code: 'ERR_RESPONSE_INVALID',
    exitCode: 5,
    arrange: weather({ kind: 'html' }),
    meets: clients,
  },
  {
    what: 'a page answers for the keys',
    code: 'ERR_METADATA_INVALID',
    exitCode: 5,
    arrange: weather({ kind: 'html' }),
    meets: [verify],
  },
  {
    what: 'the service is out of order',
    code: 'ERR_ENTRA_UNAVAILABLE',
    exitCode: 5,
    arrange: weather({ kind: 'outage', status: 503 }),
    meets: clients,
  },
  {
    what: 'the service throttles',
    code: 'ERR_ENTRA_THROTTLED',
    exitCode: 5,
    arrange: weather({ kind: 'throttling', endpoint: 'token', retryAfterSeconds: 120 }),
    meets: clients,
  },
  {
    what: 'what came is no token',
    code: 'ERR_TOKEN_MALFORMED',
    exitCode: 6,
    arrange: () => ({ input: 'not a token' }),
    meets: ['decode', 'verify --any-client --audience x'],
  },
  {
    what: 'the port is taken',
    code: 'ERR_PORT_IN_USE',
    exitCode: 3,
    arrange: async (world) => ({ url: new URL((await answering(world, 200, '')).url).port }),
    meets: ['emulator --port @'],
  },
]

function weather(fault: Parameters<World['entra']['weather']['arm']>[0]) {
  return ({ entra }: World) => {
    entra.weather.arm(fault)
    return {}
  }
}

async function answering({ serve }: World, status: number, body: string): Promise<{ url: string }> {
  return { url: await serve((_, response) => response.writeHead(status).end(body)) }
}
