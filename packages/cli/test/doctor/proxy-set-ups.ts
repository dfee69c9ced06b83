import type { SetUp } from './world.ts'

/** What is wrong with the proxy on the way. */
export const proxySetUps: readonly SetUp[] = [
  {
    what: 'the proxy wants a password',
    async arrange({ proxy }) {
      const HTTPS_PROXY = await proxy((_, socket) =>
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
      )
      return { options: { authority: undefined }, env: { HTTPS_PROXY } }
    },
    check: 'proxy',
    cause:
      /^the proxy 127\.0\.0\.1:\d+ of HTTPS_PROXY answered 407 to a tunnel to login\.microsoftonline\.com:443$/,
    remedy: /user and password in HTTPS_PROXY/,
  },
  {
    what: 'the proxy refuses the host',
    async arrange({ proxy }) {
      const HTTPS_PROXY = await proxy((_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
      return { options: { authority: undefined }, env: { HTTPS_PROXY } }
    },
    check: 'proxy',
    cause: /answered 403 to a tunnel/,
    remedy: /ask who runs the proxy/,
  },
  {
    what: 'behind the tunnel that the proxy opened with 204 nothing speaks TLS',
    async arrange({ proxy }) {
      const HTTPS_PROXY = await proxy((_, socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
      return { options: { authority: undefined }, env: { HTTPS_PROXY } }
    },
    check: 'TLS',
    cause: /^login\.microsoftonline\.com:443 does not complete a TLS handshake: connection reset$/,
    remedy: /./,
  },
  {
    what: 'the proxy is not there',
    arrange: () => ({ options: { authority: undefined }, env: { HTTPS_PROXY: 'http://127.0.0.1:1' } }),
    check: 'proxy',
    cause: /^the proxy 127\.0\.0\.1:1 of HTTPS_PROXY cannot be reached: connection refused$/,
    remedy: /host and port in HTTPS_PROXY/,
  },
  {
    what: 'the proxy of the lower-case spelling, which wins, is not there',
    arrange: () => ({
      options: { authority: undefined },
      env: { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' },
    }),
    check: 'proxy',
    cause: /^the proxy 127\.0\.0\.1:1 of https_proxy cannot be reached: connection refused$/,
    remedy: /host and port in https_proxy/,
  },
  {
    what: 'https_proxy names a SOCKS proxy',
    arrange: () => ({
      options: { authority: undefined },
      env: { HTTPS_PROXY: 'socks5://127.0.0.1:1080', https_proxy: 'socks5://127.0.0.1:1080' },
    }),
    check: 'proxy',
    cause: /^https_proxy is not the address of an http proxy/,
    remedy: /SOCKS proxies are not supported/,
  },
  {
    what: 'HTTPS_PROXY names a SOCKS proxy',
    arrange: () => ({ options: { authority: undefined }, env: { HTTPS_PROXY: 'socks5://127.0.0.1:1080' } }),
    check: 'proxy',
    cause: /HTTPS_PROXY is not the address of an http proxy/,
    remedy: /SOCKS proxies are not supported/,
  },
]
