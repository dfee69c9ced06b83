import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createFetch } from '../../../src/http/create-fetch.ts'
import { refuseWith, startProxy, throughTo } from '../../support/connect-proxy.ts'
import { settled } from '../../support/deferred.ts'
import { listen } from '../../support/listen.ts'
import { skipWithoutOpenssl } from '../../support/openssl.ts'
import { selfSigned } from '../../support/tls.ts'

const name = 'api.x5t.example'
const module = new URL('../../../src/http/create-fetch.ts', import.meta.url).href

describe('proxies and TLS', skipWithoutOpenssl, () => {
  async function stage() {
    const keys = selfSigned(name)
    const server = createTlsServer(keys, (request, response) => response.end(`through ${request.url}`))
    server.keepAliveTimeout = 120_000
    const port = await listen(server)
    const proxy = await startProxy(throughTo(port))
    return { ...keys, port, proxy, environment: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } }
  }

  test('HTTPS_PROXY and ca are honoured, and a tunnel is kept alive', async () => {
    const { cert, proxy, environment } = await stage()
    const fetch = createFetch({ ca: cert, environment })
    assert.equal(await (await fetch(`https://${name}/a`)).text(), 'through /a')
    await settled()
    assert.equal(await (await fetch(`https://${name}/b`)).text(), 'through /b')
    assert.deepEqual(
      proxy.asked.map(({ url }) => url),
      [`${name}:443`],
    )
  })

  test('NO_PROXY is honoured', async () => {
    const { proxy, environment } = await stage()
    const { key, cert } = selfSigned('localhost')
    const port = await listen(createTlsServer({ key, cert }, (_, response) => response.end('direct')))
    const fetch = createFetch({ ca: cert, environment: { ...environment, NO_PROXY: 'localhost' } })
    assert.equal(await (await fetch(`https://localhost:${port}/`)).text(), 'direct')
    assert.equal(proxy.asked.length, 0)
  })

  test('without ca the certificate is not trusted, and nothing is sent', async () => {
    const { environment } = await stage()
    const failing = createFetch({ environment })(`https://${name}/`)
    await assert.rejects(failing, { code: 'ERR_TLS_UNTRUSTED', retryable: false })
  })

  test('NODE_EXTRA_CA_CERTS of the environment counts beside ca', async () => {
    const { path, environment } = await stage()
    const { cert } = selfSigned('unrelated.example')
    const fetch = createFetch({ ca: cert, environment: { ...environment, NODE_EXTRA_CA_CERTS: path } })
    assert.equal((await fetch(`https://${name}/`)).status, 200)
  })

  test('a proxy that refuses is ERR_PROXY_REFUSED, and one that is none ERR_PROXY_INVALID', async () => {
    const { port } = await startProxy(refuseWith(407))
    const to = (HTTPS_PROXY: string) => createFetch({ environment: { HTTPS_PROXY } })(`https://${name}/`)
    await assert.rejects(to(`http://127.0.0.1:${port}`), { code: 'ERR_PROXY_REFUSED' })
    await assert.rejects(to('socks5://127.0.0.1:1'), { code: 'ERR_PROXY_INVALID' })
  })

  test('idle connections, direct and through a proxy, keep no process alive', async () => {
    const { path, environment } = await stage()
    const server = createServer((_, response) => response.end('ok'))
    server.keepAliveTimeout = 120_000
    const url = `http://127.0.0.1:${await listen(server)}`
    const script = `
      import { readFileSync } from 'node:fs'
      import { createFetch } from '${module}'
      const fetch = createFetch({ ca: readFileSync('${path.replaceAll('\\', '/')}', 'utf8') })
      for (const url of ['${url}', 'https://${name}/a']) console.log(await (await fetch(url)).text())`
    const argv = ['--import', './scripts/typescript.js', '--input-type=module', '-e', script]
    // The servers keep an idle connection for longer: a process that waited for it would be ended here.
    const { stdout } = await promisify(execFile)(process.execPath, argv, {
      env: { ...process.env, ...environment },
      timeout: 30_000,
    })
    assert.equal(stdout, 'ok\nthrough /a\n')
  })
})
