import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TokenValidationError } from '../../src/errors.ts'
import { maxTokenChars } from '../../src/verify/jws.ts'
import { decodeToken } from '../../src/verify/token.ts'
import { encode } from './issuer.ts'

const header = encode('{"alg":"RS256"}')
/** Every string in a JSON text. */
const strings = /"(?:[^"\\]|\\.)*"/g

const token = `${header}.${encode('{"a":1}')}.AAAA`

test('decodeToken reads header and payload of any strict JWT, and judges neither', () => {
  assert.deepEqual(decodeToken(token), { header: { alg: 'RS256' }, claims: { a: 1 } })
  assert.deepEqual(decodeToken(`${encode('{"alg":"none"}')}.${encode('{}')}.`).header, { alg: 'none' })
  assert.deepEqual(decodeToken(`${header}.${encode('{"a":"\ufffd"}')}.`).claims, { a: '\ufffd' })
})

test('what decodeToken returns is frozen on every level', () => {
  const { claims } = decodeToken(`${header}.${encode('{"roles":["a"],"x":{"y":[{}]}}')}.`)
  assert.throws(() => Object.assign(claims, { admin: true }), TypeError)
  assert.throws(() => (claims.roles as string[]).push('b'), TypeError) // typed unknown, a list in this token
})

const malformed: Record<string, unknown> = {
  'no string': undefined,
  'an object that prints as a token': { toString: () => token },
  'empty text': '',
  'one part': header,
  'two parts': `${header}.e30`,
  'four parts': `${token}.AAAA`,
  'five parts': `${header}.e30.AAAA.AAAA.AAAA`,
  'an empty header': `.e30.AAAA`,
  'an empty payload': `${header}..AAAA`,
  'a line feed at the end': `${token}\n`,
  'a space before': ` ${token}`,
  'a space in the payload': `${header}.e3 0.AAAA`,
  'padding in the header': `${encode('{"alg":"RS256" }')}=.e30.AAAA`,
  'padding at the end': `${header}.e30.AAA=`,
  'a plus sign': `${header}.e30.AA+A`,
  'a slash': `${header}.e30.AA/A`,
  'spare bits that are not zero': `${header}.e31.AAAA`,
  'spare bits in the signature': `${header}.e30.AB`,
  'a lone last character': `${header}.e30.AAAAA`,
  'a character beyond Latin-1 whose low byte is in the alphabet': `${header}.e30.AAA\u0141`,
  'a NUL at the end': `${token}\0`,
  'a payload that is no JSON': `${header}.${encode('hello')}.AAAA`,
  'a payload that is a list': `${header}.${encode('[]')}.AAAA`,
  'a payload that is null': `${header}.${encode('null')}.AAAA`,
  'a payload that is a token': `${header}.${encode(token)}.AAAA`,
  'a byte order mark': `${header}.${encode('\ufeff{}')}.AAAA`,
  'bytes that are not UTF-8': `${header}.${Buffer.from('7b2261223a22ff227d', 'hex').toString('base64url')}.AAAA`,
  'a member twice': `${header}.${encode('{"a":1,"a":1}')}.AAAA`,
  'a member twice, once escaped': `${header}.${encode('{"a":1,"\\u0061":2}')}.AAAA`,
  'a member twice, with whitespace before a colon': `${header}.${encode('{"a" :1,"a":2}')}.AAAA`,
  'a member twice, with a string that begins with a colon': `${header}.${encode('{"a":":","a":":"}')}.AAAA`,
  'a member twice within a member': `${header}.${encode('{"a":{"b":1,"b":2}}')}.AAAA`,
  'a header member twice': `${encode('{"alg":"none","alg":"RS256"}')}.e30.AAAA`,
  'nesting without end': `${header}.${encode(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)}.AAAA`,
  'more characters than any header may have': `${header}.${encode(`{"a":"${'a'.repeat(maxTokenChars)}"}`)}.AAAA`,
}

for (const [what, text] of Object.entries(malformed)) {
  test(`a token with ${what} is malformed`, () => {
    // The table holds what a program in JavaScript could pass.
    assert.throws(() => decodeToken(text as string), { code: 'ERR_TOKEN_MALFORMED' })
  })
}

test('five parts are said to be an encrypted token', () => {
  const jwe = [header, 'AAAA', 'AAAA', 'AAAA', 'AAAA'].join('.')
  assert.throws(() => decodeToken(jwe), { hint: 'a token of five parts is encrypted (JWE)' })
})

test('a refusal quotes nothing of the token', () => {
  const secret = 'c2VjcmV0LXNlY3JldA'
  for (const text of [`${secret}.${secret}.${secret}`, `${header}.${encode(`{"a":${secret}`)}.AAAA`]) {
    assert.throws(
      () => decodeToken(text),
      (error: Error) => !`${error.stack}${JSON.stringify(error)}${error.cause}`.includes('ecret'),
    )
  }
})

test('every JSON object is read as JSON.parse reads it, however it is written', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(
    fc.property(object, fc.constantFrom(0, 1, '\t'), fc.boolean(), (value, space, escapes) => {
      const plain = JSON.stringify(value, undefined, space)
      const text = escapes ? plain.replace(strings, (string) => string.replaceAll(':', '\\u003a')) : plain
      assert.deepEqual(decodeToken(`${header}.${encode(text)}.`).claims, JSON.parse(text))
    }),
  )
})

test('a part is base64url exactly if encoding its bytes gives the same text', () => {
  const confusing = fc
    .array(fc.constantFrom(...'ABQgwz09-_+/= \n\0é\u0141'), { maxLength: 9 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(fc.oneof(confusing, fc.base64String(), fc.string()), (text) => {
      fc.pre(!text.includes('.'))
      const read = () => decodeToken(`${header}.e30.${text}`)
      if (Buffer.from(text, 'base64url').toString('base64url') === text) read()
      else assert.throws(read, { code: 'ERR_TOKEN_MALFORMED' })
    }),
    { numRuns: 5_000 },
  )
})

test('what somebody added to every object is no member of a token', (t) => {
  t.after(() => Reflect.deleteProperty(Object.prototype, 'added'))
  Object.assign(Object.prototype, { added: 1 })
  assert.deepEqual(Object.keys(decodeToken(`${header}.${encode('{"a":1}')}.AAAA`).claims), ['a'])
  assert.throws(() => decodeToken(`${header}.${encode('{"a":1,"a":2}')}.AAAA`), /a member twice/)
})

test('an object with any member written twice is malformed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (object, pick) => {
      const names = Object.keys(object)
      const twice = JSON.stringify(names[pick % names.length])
      const text = `${JSON.stringify(object).slice(0, -1)},${twice}:":"}`
      assert.throws(() => decodeToken(`${header}.${encode(text)}.`), { code: 'ERR_TOKEN_MALFORMED' })
    }),
  )
})

test('no text makes decodeToken fail in another way than by its refusal', () => {
  const part = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.jsonValue().map((value) => encode(JSON.stringify(value))),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      try {
        decodeToken(parts.join('.'))
      } catch (error) {
        assert.ok(error instanceof TokenValidationError)
      }
    }),
  )
})
