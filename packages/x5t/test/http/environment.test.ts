import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraCaCertificates, proxyFromEnvironment } from '../../src/http/environment.ts'

const login = 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token'
const choose = (environment: Record<string, string>, address = login) =>
  proxyFromEnvironment(environment)?.(new URL(address))?.href

const chosen: readonly [environment: Record<string, string>, proxy: string | undefined][] = [
  [{}, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
  [{ https_proxy: 'http://proxy:3128' }, 'http://proxy:3128/'],
  [{ https_proxy: 'http://lower', HTTPS_PROXY: 'http://upper' }, 'http://lower/'],
  [{ https_proxy: '', HTTPS_PROXY: 'http://upper' }, 'http://upper/'],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
  [{ HTTPS_PROXY: 'https://proxy' }, 'https://proxy/'],
  [{ HTTPS_PROXY: 'http://user:p%40ss@proxy:3128' }, 'http://user:p%40ss@proxy:3128/'],
  [{ HTTP_PROXY: 'http://proxy' }, undefined],
]

for (const [environment, proxy] of chosen) {
  test(`${JSON.stringify(environment)} is ${proxy ?? 'a direct connection'}`, () => {
    assert.equal(choose(environment), proxy)
  })
}

const exempt: readonly [rules: string, address: string, direct: boolean][] = [
  ['*', login, true],
  ['login.microsoftonline.com', login, true],
  ['LOGIN.MicrosoftOnline.com', login, true],
  ['microsoftonline.com', login, true],
  ['.microsoftonline.com', login, true],
  ['*.microsoftonline.com', login, true],
  ['localhost, 127.0.0.1,login.microsoftonline.com', login, true],
  ['localhost login.microsoftonline.com', login, true],
  ['login.microsoftonline.com.', login, true],
  ['microsoftonline.com.:443', login, true],
  ['contoso.example', 'https://api.contoso.example./x', true],
  ['.', login, false],
  ['Bücher.example', 'https://api.bücher.example/x', true],
  ['xn--bcher-kva.example', 'https://bücher.example/x', true],
  ['login.microsoftonline.com:443', login, true],
  ['login.microsoftonline.com:8443', login, false],
  ['online.com', login, false],
  ['login.microsoftonline.com.evil.example', login, false],
  ['microsoftonline', login, false],
  [',. ,:443', login, false],
  ['localhost:8443', 'https://localhost:8443/x', true],
  ['127.0.0.1', 'https://127.0.0.1:8443/x', true],
  ['[::1]', 'https://[::1]:8443/x', true],
  ['[::1]:8443', 'https://[::1]:8443/x', true],
  ['::1', 'https://[::1]:8443/x', true],
  ['FD00:0:0::5,::1', 'https://[fd00::5]/x', true],
  ['[fd00:0::5]:443', 'https://[fd00::5]/x', true],
  ['[fd00::5]:8443', 'https://[fd00::5]/x', false],
  ['fd00::5', 'https://[fd00::50]/x', false],
  ['::ffff:127.0.0.1', 'https://[::ffff:127.0.0.1]/x', true],
  ['::x, [::1', 'https://[::1]/x', false],
  ['', 'https://localhost:8443/x', false],
  ['', 'http://localhost:8443/x', true],
]

for (const [rules, address, direct] of exempt) {
  test(`NO_PROXY '${rules}' ${direct ? 'exempts' : 'does not exempt'} ${new URL(address).origin}`, () => {
    assert.equal(choose({ HTTPS_PROXY: 'http://proxy', NO_PROXY: rules }, address) === undefined, direct)
  })
}

const noProxies = [
  'socks5://user:canary@proxy',
  'http://',
  'user:canary@:x',
  'http://a b',
  'http://user:canary100%@proxy',
  'http://canary%ff@proxy',
]
for (const address of noProxies) {
  test(`HTTPS_PROXY '${address}' is refused without being shown`, () => {
    assert.throws(
      () => proxyFromEnvironment({ HTTPS_PROXY: address }),
      ({ code, message, hint }) => {
        assert.equal(code, 'ERR_PROXY_INVALID')
        assert.doesNotMatch(message + hint, /canary/)
        return true
      },
    )
  })
}

test('NODE_EXTRA_CA_CERTS is read, and passed over where it cannot be', () => {
  assert.deepEqual(extraCaCertificates({}), [])
  assert.deepEqual(extraCaCertificates({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }), [])
  const [text] = extraCaCertificates({ NODE_EXTRA_CA_CERTS: import.meta.filename })
  assert.match(text ?? '', /is read, and passed over/)
})
