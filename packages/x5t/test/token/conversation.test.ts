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

test('what repeats nothing is shown, up to 4 KiB', () => {
  const words = 'a word and another '.repeat(500)
  const { answer, answerHeaders } = answerTo(words, { server: 'a gateway' })
  assert.equal(answer, words.slice(0, 4_096))
  assert.equal(answerHeaders.server, 'a gateway')
})
