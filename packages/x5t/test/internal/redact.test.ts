import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt, mask, shownAddress } from '../../src/internal/redact.ts'

const jwt = `${'eyJhbGciOiJQUzI1NiJ9'}.${'eyJhdWQiOiJodHRwcyJ9'.repeat(9)}.${'c2lnbmF0dXJl'.repeat(20)}`

const masked: readonly [text: string, expected: string][] = [
  [jwt, `(${jwt.length} characters)`],
  [`client_assertion=${jwt}&x=y`, `(${jwt.length + 17} characters)&x=y`],
  [`"${jwt}",`, `"(${jwt.length} characters)",`],
  ['Zm9vYmFy+/Zm9vYmFyZm9vYmFyZm9vYmFyMQ==', '(38 characters)'],
]

for (const [text, expected] of masked) {
  test(`${text.slice(0, 40)} is masked`, () => assert.equal(mask(text), expected))
}

const addresses: readonly [text: string, expected: string][] = [
  ['https://as.example/token', 'https://as.example/token'],
  ['https://as.example:8443/token?code=canary&to=a@b', 'https://as.example:8443/token?…'],
  ['http://user:canary@as.example/token#canary', 'http://as.example/token'],
  ['ftp://user:canary@as.example/token?code=canary', 'as.example/token'],
  ['as.example/token?code=canary', 'as.example/token'],
  ['user:canary@as.example', 'as.example'],
  ['as.example/token?to=a@canary', '…'],
  ['https://user:canary?@as.example', '…'],
  ['https://user:canary#\n@as.example', '…'],
]

for (const [text, expected] of addresses) {
  test(`the address ${JSON.stringify(text)} is shown without user and query`, () =>
    assert.equal(shownAddress(text), expected))
}

const kept = [
  'https://graph.microsoft.com/.default',
  'api://11111111-2222-3333-4444-555555555555/Cars.Read',
  'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  'AADSTS700027: thumbprint 0123456789ABCDEF0123456789ABCDEF01234567',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
]

for (const text of kept) {
  test(`${text} is kept`, () => assert.equal(mask(text), text))
}

test('an excerpt is one short line without control characters', () => {
  assert.equal(excerpt(' a\r\n\tb\u0007\u202ec '), 'a b c')
  assert.equal(excerpt('word '.repeat(100)).length, 81)
  assert.equal(excerpt('abcdef', 3), 'abc…')
})
