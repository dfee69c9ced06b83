import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { conversationOf } from '../../src/token/conversation.ts'

const [header, claims, signature] = [60, 300, 256].map((bytes) => randomBytes(bytes).toString('base64url'))
const assertion = `${header}.${claims}.${signature}`
const url = new URL('https://login.example/token')

function answerTo(body: string, headers: Record<string, string> = {}) {
  const form = new URLSearchParams({ client_id: 'app', client_assertion: assertion }).toString()
  const response = { status: 400, headers, body: Buffer.from(body) }
  return conversationOf({ url, headers: {}, body: form }, response)
}

for (const chars of [1, 3, 8, 20]) {
  test(`an echo of the assertion in pieces of ${chars} is in no exchange that is shown`, () => {
    const pieces = assertion.match(new RegExp(`.{1,${chars}}`, 'g')) ?? []
    const { answer, answerHeaders } = answerTo(pieces.join(' '), { 'x-echo': pieces.join(' ') })
    assert.equal(answer, 'it repeats the client assertion')
    assert.equal(answerHeaders['x-echo'], 'it repeats the client assertion')
  })
}

test('the query of the address, which may be the key of a gateway, is neither in the address nor in the audience', () => {
  const gated = new URL('https://login.example/token?code=a\\b&x=y')
  const claimed = Buffer.from(JSON.stringify({ aud: gated.href, iss: 'app' })).toString('base64url')
  const body = `client_assertion=${header}.${claimed}.${signature}`
  const { url: address, form } = conversationOf(
    { url: gated, headers: {}, body },
    { status: 200, headers: {}, body: Buffer.from('') },
  )
  assert.equal(address, 'https://login.example/token?…')
  assert.equal(Object(form.client_assertion).claims, '{"aud":"https://login.example/token?…","iss":"app"}')
})

test('what repeats nothing is shown, up to 4 KiB', () => {
  const words = 'a word and another '.repeat(500)
  const { url: address, form, answer, answerHeaders } = answerTo(words, { server: 'a gateway' })
  assert.equal(address, url.href)
  assert.equal(Object(form.client_assertion).claims, Buffer.from(claims ?? '', 'base64url').toString())
  assert.equal(answer, words.slice(0, 4_096))
  assert.equal(answerHeaders.server, 'a gateway')
})

const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const tokens = [
  guid,
  'A94A8FE5CCB19BA61C4C0873D391E987982FBBD3',
  'v1.abcdefghij0123456789.ABCDEFGHIJ0123456789',
  'abc|def|0123456789|&<"\\ghij',
  'aaaaaaaaaaBBBBBBBBBB/ccccccccccDDDDDDDDDD/gg==',
]
const escapesOf = (text: string) =>
  text.replace(/./g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
const forms: Record<string, (name: string, token: string) => string> = {
  JSON: (name, token) => JSON.stringify({ [name]: token, token_type: 'Bearer' }, null, 1),
  'JSON with slashes escaped': (name, token) => JSON.stringify({ [name]: token }).replaceAll('/', '\\/'),
  'JSON within JSON': (name, token) => JSON.stringify({ body: JSON.stringify({ [name]: token }) }),
  'JSON in escapes': (name, token) => `{"${escapesOf(name)}":"${escapesOf(token)}"}`,
  'JSON that is cut off': (name, token) => JSON.stringify({ [name]: token }).slice(0, -2),
  'a form': (name, token) => `token_type=Bearer&${name}=${encodeURIComponent(token)}&a=b`,
}

for (const [name, form] of Object.entries(forms)) {
  test(`a token however it is made is in no exchange that is shown: ${name}`, () => {
    for (const token of tokens) {
      for (const member of ['access_token', 'refresh_token', 'id_token']) {
        const { answer, answerHeaders } = answerTo(form(member, token), { location: form(member, token) })
        for (const shown of [answer, answerHeaders.location ?? '']) {
          for (const piece of token.split(/\W+/)) assert.ok(piece === '' || !shown.includes(piece), shown)
          assert.match(shown, /_token.*\(\d+ characters\)/)
        }
      }
    }
  })
}

test('a word about a token, and a claim about one, are shown', () => {
  const words = JSON.stringify({ error: 'id_token: none', claims: '{"access_token":{"nbf":{"value":"1"}}}' })
  assert.equal(answerTo(words).answer, words)
})
