import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertionAudience,
  metadataUrl,
  parseAuthority,
  parseTokenEndpoint,
  tokenEndpoint,
} from '../../src/entra/authority.ts'

const guid = '11111111-2222-3333-4444-555555555555'

const tenants: readonly [given: string, parsed: string][] = [
  [guid, guid],
  [guid.replaceAll('1', 'A'), guid.replaceAll('1', 'a')],
  ['contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
  [' Contoso.COM ', 'contoso.com'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['adfs', 'adfs'],
]

for (const [given, parsed] of tenants) {
  test(`tenant '${given}' is accepted`, () => assert.equal(parseAuthority({ tenant: given }).tenant, parsed))
}

const noTenants = [
  '',
  'contoso',
  '../other',
  'contoso.com/x',
  'a b.com',
  'contoso.com?x',
  '-a.com',
  `${guid}0`,
  '1.2.3.4',
]

for (const tenant of noTenants) {
  test(`tenant '${tenant}' is refused`, () => {
    assert.throws(() => parseAuthority({ tenant }), {
      code: 'ERR_TENANT_INVALID',
      message: /neither a GUID nor a domain/,
    })
  })
}

const pem = `-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----`
for (const tenant of [pem, pem.replaceAll('\n', ' '), 'canary'.repeat(300)]) {
  test(`what may be a key in place of the tenant is not shown (${tenant.length} characters)`, () => {
    assert.throws(() => parseAuthority({ tenant }), {
      code: 'ERR_TENANT_INVALID',
      message: `tenant (${tenant.length} characters) is neither a GUID nor a domain name`,
    })
    assert.throws(() => parseAuthority({ tenant: guid, authority: tenant }), {
      message: /^authority \(\d+ characters\) is not an https address$/,
    })
  })
}

for (const tenant of ['common', 'organizations', 'consumers', 'COMMON']) {
  test(`tenant '${tenant}' is refused with the reason`, () => {
    assert.throws(() => parseAuthority({ tenant }), {
      code: 'ERR_TENANT_INVALID',
      message: `tenant '${tenant.toLowerCase()}' names no directory`,
      hint: /an app has no home directory/,
    })
  })
}

const authorities: readonly [authority: string, says: RegExp][] = [
  ['http://login.microsoftonline.com', /is not https/],
  [
    'https://login.microsoftonline.com/contoso',
    /^authority 'https:\/\/login\.microsoftonline\.com\/…' must have no path or query$/,
  ],
  ['https://login.microsoftonline.com/?x=y', /must have no path or query/],
  ['https://login.microsoftonline.com/#x', /must have no user or fragment/],
  ['https://user:canary@login.example', /must have no user or fragment/],
  ['login.microsoftonline.com', /is not an https address/],
  ['ftp://user:canary@login.example', /is not an https address/],
  ['login.example/token?code=canary', /'login\.example\/token' is not an https address/],
  ['login.example/token?code=x@canary', /'…' is not an https address/],
  ['https://user:canary?@login.example', /'…' is not an https address/],
  ['', /is not an https address/],
]

for (const [authority, says] of authorities) {
  test(`authority '${authority}' is refused, and no password is shown`, () => {
    assert.throws(
      () => parseAuthority({ tenant: guid, authority }),
      ({ code, message }) => {
        assert.equal(code, 'ERR_AUTHORITY_INVALID')
        assert.match(message, says)
        assert.doesNotMatch(message, /canary/)
        return true
      },
    )
  })
}

test('plain http takes a word that can be searched for', () => {
  const authority = 'http://localhost:8080/'
  assert.equal(
    parseAuthority({ tenant: guid, authority, allowHttpAuthority: true }).origin,
    'http://localhost:8080',
  )
  assert.throws(() => parseTokenEndpoint({ tokenEndpoint: 'http://as.example/token' }), {
    code: 'ERR_AUTHORITY_INVALID',
  })
})

test('an address of a token endpoint that is none is called that', () => {
  assert.throws(() => parseTokenEndpoint({ tokenEndpoint: 'ftp://as.example/token?code=canary' }), {
    code: 'ERR_AUTHORITY_INVALID',
    message: "tokenEndpoint 'ftp://as.example/token' is not an https address",
  })
})

test('another server is asked at the very address that is given', () => {
  const tokenEndpoint = 'https://as.example/realms/a/token?x=y'
  assert.equal(parseTokenEndpoint({ tokenEndpoint }), tokenEndpoint)
})

const places: readonly [authority: string, tenant: string, v2: string, v1: string, audienceHost: string][] = [
  [
    'https://login.microsoftonline.com',
    guid,
    'oauth2/v2.0/token',
    'oauth2/token',
    'login.microsoftonline.com',
  ],
  ['https://login.microsoftonline.us', guid, 'oauth2/v2.0/token', 'oauth2/token', 'login.microsoftonline.us'],
  [
    'https://login.partner.microsoftonline.cn',
    guid,
    'oauth2/v2.0/token',
    'oauth2/token',
    'login.partner.microsoftonline.cn',
  ],
  [
    'https://login.sovcloud-identity.fr',
    guid,
    'oauth2/v2.0/token',
    'oauth2/token',
    'login.sovcloud-identity.fr',
  ],
  [
    'https://westus2.login.microsoft.com',
    guid,
    'oauth2/v2.0/token',
    'oauth2/token',
    'login.microsoftonline.com',
  ],
  [
    'https://usgovvirginia.login.microsoftonline.us',
    guid,
    'oauth2/v2.0/token',
    'oauth2/token',
    'login.microsoftonline.us',
  ],
  ['https://localhost:8443', guid, 'oauth2/v2.0/token', 'oauth2/token', 'localhost:8443'],
  ['https://fs.contoso.com', 'adfs', 'oauth2/token', 'oauth2/token', 'fs.contoso.com'],
]

for (const [authority, tenant, v2, v1, audienceHost] of places) {
  test(`${authority} is asked at its own address, with ${audienceHost} as audience`, () => {
    const parsed = parseAuthority({ tenant, authority })
    assert.equal(tokenEndpoint(parsed, '2.0'), `${authority}/${tenant}/${v2}`)
    assert.equal(tokenEndpoint(parsed, '1.0'), `${authority}/${tenant}/${v1}`)
    assert.equal(assertionAudience(tokenEndpoint(parsed, '2.0')), `https://${audienceHost}/${tenant}/${v2}`)
  })
}

test('metadata stands under the tenant, for v2 under v2.0', () => {
  const authority = parseAuthority({ tenant: guid })
  const base = `https://login.microsoftonline.com/${guid}`
  assert.equal(metadataUrl(authority, '2.0'), `${base}/v2.0/.well-known/openid-configuration`)
  assert.equal(metadataUrl(authority, '1.0'), `${base}/.well-known/openid-configuration`)
})
