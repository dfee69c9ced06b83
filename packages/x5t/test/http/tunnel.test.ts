import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { describe, test } from 'node:test'
import { TLSSocket } from 'node:tls'
import { inspect, promisify } from 'node:util'
import { nodeExchange } from '../../src/http/node-exchange.ts'
import { refuseWith, startProxy, type Tunnelling, throughTo } from '../support/connect-proxy.ts'
import { settled } from '../support/deferred.ts'
import { listen } from '../support/listen.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { selfSigned } from '../support/tls.ts'

const name = 'login.x5t.example'
const module = new URL('../../src/http/node-exchange.ts', import.meta.url).href
const limits = { connect: 300, headers: 2_000, body: 2_000 }

/** A TLS service for a name or an address, with a port where it says so, that only the proxy can reach. */
async function stage(tunnelling: (port: number) => Tunnelling, user = '', at = name) {
  const url = new URL(`https://${at}/token`)
  const keys = selfSigned(url.hostname.replace(/[[\]]/g, ''))
  const paths: unknown[] = []
  const names = new Set<unknown>()
  const server = createTlsServer(keys, (request, response) => {
    paths.push(request.url)
    response.end('through')
  })
  server.on('secureConnection', ({ servername }) => names.add(servername))
  const proxy = await startProxy(tunnelling(await listen(server)))
  const address = new URL(`http://${user}127.0.0.1:${proxy.port}`)
  const exchange = nodeExchange({ ca: keys.cert, limits, proxyFor: () => address })
  const ask = (signal?: AbortSignal) => exchange({ method: 'POST', url, headers: {}, body: 'secret', signal })
  return { ask, asked: proxy.asked, paths, names }
}

describe('tunnels', skipWithoutOpenssl, () => {
  test('the code for tunnels is loaded with the first of them', async () => {
    const loaded = new Set<string>()
    const session = new Session()
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => loaded.add(params.url.replace(/^.*\//, '')))
    session.post('Debugger.enable')
    const { ask } = await stage(throughTo)
    assert.ok(loaded.has('node-exchange.ts'))
    assert.ok(!loaded.has('tunnel.ts'))
    await ask()
    assert.ok(loaded.has('tunnel.ts'))
    session.disconnect()
  })

  const services: readonly [at: string, target: string, servername: string | false][] = [
    [name, `${name}:443`, name],
    [`${name}:8443`, `${name}:8443`, name],
    ['127.0.0.1', '127.0.0.1:443', false],
    ['[::1]:8443', '[::1]:8443', false],
  ]

  for (const [at, target, servername] of services) {
    test(`TLS runs end to end: the proxy learns ${target} and nothing else`, async () => {
      const { ask, asked, paths, names } = await stage(throughTo, '', at)
      assert.equal((await ask()).body.toString(), 'through')
      assert.deepEqual([paths, [...names]], [['/token'], [servername]])
      const [{ method, url, headers } = {}] = asked
      assert.deepEqual([method, url, headers], ['CONNECT', target, { host: target, connection: 'close' }])
    })
  }

  for (const status of [201, 204, 299]) {
    test(`${status} opens a tunnel as 200 does`, async () => {
      const { ask } = await stage((port) => throughTo(port, `${status} Open`))
      assert.equal((await ask()).body.toString(), 'through')
    })
  }

  test('what the proxy says behind its head is refused as no TLS', async () => {
    const { ask, paths } = await stage((port) => throughTo(port, '200 OK', '<html>'))
    await assert.rejects(ask(), { code: 'ERR_TLS_FAILED' })
    assert.deepEqual(paths, [])
  })

  test('a tunnel is kept alive for the next request', async () => {
    const { ask, asked } = await stage(throughTo)
    await ask()
    await settled()
    await ask()
    assert.equal(asked.length, 1)
  })

  const users: readonly [address: string, sent: string | undefined][] = [
    ['', undefined],
    ['user:p%40ss%3A@', 'user:p@ss:'],
    ['us%C3%A9r@', 'usér:'],
    [':pass@', ':pass'],
  ]

  for (const [user, sent] of users) {
    test(`of a proxy at ${user}host it is told ${sent ?? 'no user'}`, async () => {
      const { ask, asked } = await stage(throughTo, user)
      await ask()
      const basic = sent && `Basic ${Buffer.from(sent).toString('base64')}`
      assert.equal(asked[0]?.headers['proxy-authorization'], basic)
    })
  }

  for (const [host, servername] of [
    ['localhost', 'localhost'],
    ['127.0.0.1', false],
  ] as const) {
    test(`a proxy may be spoken to over TLS, at ${host}`, async () => {
      const [inner, outer] = [selfSigned(name), selfSigned(host)]
      const server = createTlsServer(inner, (_, response) => response.end('through'))
      const { port, asked } = await startProxy(throughTo(await listen(server)), outer)
      const exchange = nodeExchange({
        ca: [inner.cert, outer.cert],
        proxyFor: () => new URL(`https://${host}:${port}`),
      })
      const answer = await exchange({ method: 'GET', url: new URL(`https://${name}/`), headers: {} })
      assert.equal(answer.body.toString(), 'through')
      assert.ok(asked[0]?.socket instanceof TLSSocket)
      assert.equal(Object(asked[0].socket).servername, servername)
    })
  }

  const reached: readonly [proxy: string, host: string, port: number][] = [
    ['http://proxy.example', 'proxy.example', 80],
    ['https://proxy.example', 'proxy.example', 443],
    ['http://[::1]:3128', '::1', 3128],
  ]

  for (const [proxy, host, port] of reached) {
    test(`${proxy} is sought at ${host}, port ${port}`, async (context) => {
      const sought: unknown[] = []
      context.mock.method(Socket.prototype, 'connect', function (this: Socket, given: unknown) {
        const [to] = [given].flat()
        sought.push([Object(to).host, Number(Object(to).port)])
        setImmediate(() => this.destroy(new Error('far enough')))
        return this
      })
      const exchange = nodeExchange({ limits, proxyFor: () => new URL(proxy) })
      await assert.rejects(exchange({ method: 'GET', url: new URL(`https://${name}/`), headers: {} }), {
        message: /^no answer from proxy /,
      })
      assert.deepEqual(sought, [[host, port]])
    })
  }

  const refusals: readonly [status: number, retryable: boolean, hint: RegExp][] = [
    [407, false, /name user and password in HTTPS_PROXY/],
    [403, false, /ask who runs the proxy/],
    [499, false, /ask who runs the proxy/],
    [500, true, /ask who runs the proxy/],
    [502, true, /ask who runs the proxy/],
    [301, false, /ask who runs the proxy/],
  ]

  for (const [status, retryable, hint] of refusals) {
    test(`a proxy that answers ${status} is ERR_PROXY_REFUSED, and its password is nowhere`, async () => {
      const { ask } = await stage(() => refuseWith(status), 'user:canary@')
      await assert.rejects(ask(), (error: Error & { hint: string }) => {
        assert.match(
          error.message,
          new RegExp(`^proxy 127\\.0\\.0\\.1:\\d+ answered ${status} to a tunnel to ${name}:443$`),
        )
        assert.match(error.hint, hint)
        assert.equal(Object(error).code, 'ERR_PROXY_REFUSED')
        assert.equal(Object(error).retryable, retryable)
        assert.doesNotMatch(inspect(error, { depth: 9 }), /canary|Y2FuYXJ5/)
        return true
      })
    })
  }

  test('a proxy that refuses and waits is left', { timeout: 10_000 }, async () => {
    let left: Promise<unknown> | undefined
    const { ask } = await stage(() => (_, socket) => {
      left = once(socket.resume(), 'end')
      socket.write('HTTP/1.1 403 No\r\n\r\n')
    })
    await assert.rejects(ask(), { code: 'ERR_PROXY_REFUSED' })
    await left
  })

  const broken: readonly [name: string, tunnelling: Tunnelling, code: string, message: RegExp][] = [
    [
      'hangs up',
      (_, socket) => socket.destroy(),
      'ERR_NO_ANSWER',
      /no answer from proxy 127.*: connection reset/,
    ],
    [
      'talks something else',
      (_, socket) => socket.end('SSH-2.0\r\n'),
      'ERR_NO_ANSWER',
      /what came is not HTTP/,
    ],
    ['never answers', () => {}, 'ERR_TIMEOUT', /^proxy 127.* sent no answer within 0\.3 s/],
    [
      'opens a tunnel to nothing',
      (_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'),
      'ERR_NO_ANSWER',
      /no answer from login\.x5t\.example: connection reset/,
    ],
  ]

  for (const [what, tunnelling, code, message] of broken) {
    test(`a proxy that ${what} is ${code}`, async () => {
      const { ask } = await stage(() => tunnelling)
      await assert.rejects(ask(), { code, message, retryable: true, staleConnection: false })
    })
  }

  test('a proxy where nobody listens is named', async () => {
    const exchange = nodeExchange({ proxyFor: () => new URL('http://127.0.0.1:1') })
    await assert.rejects(exchange({ method: 'GET', url: new URL(`https://${name}/`), headers: {} }), {
      code: 'ERR_NO_ANSWER',
      message: 'no answer from proxy 127.0.0.1:1: connection refused',
    })
  })

  test('an abort while the tunnel opens ends the wait', async () => {
    const { ask, asked } = await stage(() => () => {})
    const leaver = new AbortController()
    const waiting = ask(leaver.signal)
    while (asked.length === 0) await settled()
    leaver.abort(new Error('boom'))
    await assert.rejects(waiting, { message: 'boom' })
  })

  test('a tunnel that opens for nobody any more keeps no process alive', async () => {
    const script = `
      import { createServer } from 'node:http'
      import { nodeExchange } from '${module}'
      const leaver = new AbortController()
      const proxy = createServer().on('connect', (_, socket) => {
        socket.unref()
        leaver.abort(new Error('left'))
      })
      proxy.listen(0, '127.0.0.1', async () => {
        proxy.unref()
        const limits = { connect: 600_000, headers: 600_000, body: 600_000 }
        const address = new URL('http://127.0.0.1:' + proxy.address().port)
        const exchange = nodeExchange({ limits, proxyFor: () => address })
        const url = new URL('https://${name}/')
        exchange({ method: 'GET', url, headers: {}, signal: leaver.signal })
          .catch(({ message }) => console.log(message))
      })`
    const argv = ['--import', './scripts/typescript.js', '--input-type=module', '-e', script]
    // The limits are longer: a process that waited for one would be ended here.
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 30_000 })
    assert.equal(stdout, 'left\n')
  })

  test('a tunnel that leads to another certificate is not trusted', async () => {
    const other = createTlsServer(selfSigned('other.example'), (_, response) => response.end())
    const { ask, paths } = await stage(() => throughTo(0))
    const port = await listen(other)
    const wrong = await stage(() => throughTo(port))
    await assert.rejects(ask(), { code: 'ERR_NO_ANSWER' })
    await assert.rejects(wrong.ask(), { code: 'ERR_TLS_UNTRUSTED' })
    assert.deepEqual(paths, [])
  })
})
