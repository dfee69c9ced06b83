import { connect } from 'node:net'
import { join } from 'node:path'
import { writeRunFile } from '../../src/emulator/run-file.ts'
import { day, type SetUp } from './world.ts'

/** What is wrong on the way: names, ports, TLS, and things that answer in the service's place. */
export const networkSetUps: readonly SetUp[] = [
  {
    what: 'the authority does not resolve',
    arrange: () => ({ options: { authority: 'https://login.microsoftonline.invalid' } }),
    check: 'DNS',
    cause: /^login\.microsoftonline\.invalid does not resolve/,
    remedy: /spelling of the authority \(--authority\)/,
  },
  {
    what: 'nothing listens at the authority',
    arrange: () => ({ options: { authority: 'https://localhost:1' } }),
    check: 'connection',
    cause: /^nothing answers at localhost:1: connection refused$/,
    remedy: /^start the emulator: x5t emulator --port 1$/,
  },
  {
    what: 'a company intercepts TLS with a CA that is not trusted here',
    async arrange({ entra, proxy }) {
      const HTTPS_PROXY = await proxy((_, socket) => {
        const inner = connect(entra.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
          inner.pipe(socket).pipe(inner)
        })
        inner.on('error', () => socket.destroy())
        socket.on('error', () => inner.destroy())
      })
      return { options: { authority: undefined, ca: undefined }, env: { HTTPS_PROXY } }
    },
    check: 'TLS',
    cause:
      /TLS to login\.microsoftonline\.com is intercepted.*: x5t emulator, not Microsoft\b.* is not trusted here/,
    remedy: /NODE_EXTRA_CA_CERTS/,
  },
  {
    what: 'the TLS certificate is none for servers',
    async arrange({ clientOnly }) {
      const port = await clientOnly('ca.pem')
      return { options: { authority: `https://localhost:${port}` } }
    },
    check: 'TLS',
    cause: /^the TLS certificate of localhost is not meant for servers \(INVALID_PURPOSE\)/,
    remedy: /who runs the server/,
  },
  {
    what: 'the CA of the emulator is not trusted',
    arrange: () => ({ options: { ca: undefined } }),
    check: 'TLS',
    cause: /^the TLS certificate of localhost is not trusted: its CA is x5t emulator/,
    remedy: /x5t emulator prints where its CA is/,
  },
  {
    what: 'the CA of an emulator that says where it is is not trusted',
    async arrange({ entra: { url, port }, demo, stage }) {
      const caPath = join(stage.folder, 'the ca.pem')
      const { tenantId, appId } = demo
      await writeRunFile(stage.io(), { url, port, tenantId, appId, caPath, pid: process.pid })
      return { options: { ca: undefined } }
    },
    check: 'TLS',
    cause: /^the TLS certificate of localhost is not trusted: its CA is x5t emulator/,
    remedy: /^x5t config set ca '\/.*\/the ca\.pem'$/,
  },
  {
    what: 'the CA of an emulator is not trusted by a profile that is named, where another is in use',
    async arrange({ entra: { url, port }, demo, stage }) {
      const caPath = join(stage.folder, 'ca.pem')
      const { tenantId, appId } = demo
      await writeRunFile(stage.io(), { url, port, tenantId, appId, caPath, pid: process.pid })
      stage.writeUserConfig('{ "profile": "other", "profiles": { "default": {}, "other": {} } }')
      return { options: { ca: undefined, profile: 'default' } }
    },
    check: 'TLS',
    cause: /^the TLS certificate of localhost is not trusted: its CA is x5t emulator/,
    remedy: /^x5t config set ca \/.*\/ca\.pem --profile default$/,
  },
  {
    what: 'the file of the CA of an emulator that says where it is is not there',
    async arrange({ entra: { url, port }, demo, stage }) {
      const caPath = join(stage.folder, 'ca.pem')
      const { tenantId, appId } = demo
      await writeRunFile(stage.io(), { url, port, tenantId, appId, caPath, pid: process.pid })
      stage.write('x5t.json', '{ "profiles": { "default": { "ca": "gone.pem" } } }')
      return { options: { ca: undefined } }
    },
    check: 'TLS',
    cause: /names .*gone\.pem, which cannot be read/,
    remedy: /^x5t config set ca \/.*\/ca\.pem --project$/,
  },
  {
    what: 'the file of the CA is not there',
    arrange: () => ({ options: { ca: 'gone.pem' } }),
    check: 'TLS',
    cause: /--ca names .*gone\.pem, which cannot be read/,
    remedy: /CA/,
  },
  {
    what: 'the file of the CA is damaged',
    arrange: ({ stage }) => {
      stage.write('ca.pem', damaged())
      return {}
    },
    check: 'TLS',
    cause: /--ca names .*ca\.pem, which cannot be used: certificate 1 of ca cannot be read$/,
    remedy: /get the file again/,
  },
  {
    what: 'behind the CA, its file has a certificate that is damaged',
    arrange: ({ entra, stage }) => {
      stage.write('ca.pem', entra.caPem + damaged('TRUSTED CERTIFICATE'))
      return {}
    },
    check: 'TLS',
    cause: /--ca names .*ca\.pem, which cannot be used: certificate 2 of ca cannot be read$/,
    remedy: /get the file again/,
  },
  {
    what: 'the file of the CA holds none',
    arrange: ({ stage }) => {
      stage.write('ca.pem', damaged('PUBLIC KEY'))
      return {}
    },
    check: 'TLS',
    cause: /--ca names .*ca\.pem, which cannot be used: ca must be PEM certificates$/,
    remedy: /x5t emulator prints where its CA is/,
  },
  {
    what: 'the port of the authority speaks plain http',
    async arrange({ serve }) {
      const url = await serve((_, response) => response.end())
      return { options: { authority: url.replace('http:', 'https:') } }
    },
    check: 'TLS',
    cause: /does not complete a TLS handshake/,
    remedy: /https one/,
  },
  {
    what: 'the port of the authority speaks https, and the authority says http',
    arrange: ({ entra }) => ({ options: { authority: entra.url.replace('https:', 'http:'), ca: undefined } }),
    check: 'authority',
    cause: /^localhost:\d+ does not answer the question for its metadata/,
    remedy:
      /^it may speak https: use --authority https:\/\/localhost:\d+, or: x5t config set authority https:/,
  },
  {
    what: 'a login page of the network answers',
    async arrange({ serve }) {
      const page = { 'content-type': 'text/html; charset=utf-8' }
      const authority = await serve((_, response) => response.writeHead(200, page).end('<html>'))
      return { options: { authority } }
    },
    check: 'authority',
    cause: /answers with text\/html.* where a token service answers with JSON/,
    remedy: /in a browser/,
  },
  {
    what: 'something redirects',
    async arrange({ serve }) {
      const location = 'https://portal.hotel.example/login?session=1'
      return {
        options: { authority: await serve((_, response) => response.writeHead(302, { location }).end()) },
      }
    },
    check: 'authority',
    cause: /redirects to https:\/\/portal\.hotel\.example: something else answers/,
    remedy: /in a browser/,
  },
  {
    what: 'the service is out of order',
    async arrange({ serve }) {
      return { options: { authority: await serve((_, response) => response.writeHead(503).end('<html>')) } }
    },
    check: 'authority',
    cause: /is out of order \(503/,
    remedy: /wait/,
  },
  {
    what: 'the token endpoint alone throttles',
    async arrange({ serve, demo }) {
      const json = { 'content-type': 'application/json' }
      const refusal = {
        error: 'temporarily_unavailable',
        error_description: 'AADSTS90055: Too many requests.',
      }
      const authority = await serve(({ method, headers }, response) => {
        const home = `http://${headers.host}/${demo.tenantId}`
        const metadata = { issuer: `${home}/v2.0`, token_endpoint: `${home}/oauth2/v2.0/token` }
        if (method === 'GET') response.writeHead(200, json).end(JSON.stringify(metadata))
        else response.writeHead(429, { ...json, 'retry-after': '120' }).end(JSON.stringify(refusal))
      })
      return { options: { authority } }
    },
    check: 'token request',
    cause: /429|too many requests/i,
    remedy: /./,
  },
  {
    what: 'the tenant is served by another cloud',
    async arrange({ serve, demo }) {
      const home = `https://login.microsoftonline.us/${demo.tenantId}`
      const metadata = { issuer: `${home}/v2.0`, token_endpoint: `${home}/oauth2/v2.0/token` }
      const authority = await serve((_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata)),
      )
      return { options: { authority } }
    },
    check: 'tenant',
    cause: /is served by another cloud: login\.microsoftonline\.us, not localhost/,
    remedy: /--authority https:\/\/login\.microsoftonline\.us/,
  },
  {
    what: 'the clock is 20 minutes slow',
    async arrange({ emulatorAt }) {
      const { url } = await emulatorAt(() => Date.now() + 20 * 60_000)
      return { options: { authority: url, ca: undefined } }
    },
    check: 'clock',
    cause: /^the clock of this machine is 20 min behind the service$/,
    remedy: /timedatectl/,
  },
  {
    what: 'the clock is a year fast',
    arrange: () => ({ now: () => Date.now() + 400 * day }),
    check: 'clock',
    cause: /^the clock of this machine is 400 days ahead of the service$/,
    remedy: /timedatectl/,
  },
  {
    what: 'the clock is 20 minutes fast',
    async arrange({ emulatorAt }) {
      const { url } = await emulatorAt(() => Date.now() - 20 * 60_000)
      return { options: { authority: url, ca: undefined } }
    },
    check: 'clock',
    cause: /^the clock of this machine is 20 min ahead of the service$/,
    remedy: /timedatectl/,
  },
]

function damaged(label = 'CERTIFICATE'): string {
  return `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`
}
