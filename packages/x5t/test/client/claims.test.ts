import assert from 'node:assert/strict'
import { test } from 'node:test'
import { challengedClaims, claimsParameter } from '../../src/client/claims.ts'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1602179157"},"ü":"÷÷?>"}}'
const base64 = Buffer.from(claims).toString('base64')
const base64url = Buffer.from(claims).toString('base64url')
const insufficient = 'error="insufficient_claims"'

const found: readonly [name: string, header: string][] = [
  ['base64', `Bearer realm="", ${insufficient}, claims="${base64}"`],
  ['base64url', `Bearer ${insufficient}, claims="${base64url}"`],
  ['claims before error', `Bearer claims="${base64}", ${insufficient}`],
  ['no quotes', `Bearer error=insufficient_claims, claims=${base64}`],
  ['spaces around =', `Bearer ${insufficient.replace('=', ' = ')} , claims = "${base64}"`],
  ['other cases', `BEARER Error="insufficient_claims", CLAIMS="${base64}"`],
  ['another challenge before', `Basic realm="x", Bearer ${insufficient}, claims="${base64}"`],
  ['another challenge behind', `Bearer ${insufficient}, claims="${base64}", PoP nonce="abc"`],
  ['a Negotiate token before', `Negotiate YIIabc==, Bearer ${insufficient}, claims="${base64}"`],
  ['two Bearer challenges', `Bearer realm="a", Bearer ${insufficient}, claims="${base64}"`],
  ['a quoted comma and an escape', `Bearer realm="a, b\\"c, Basic", ${insufficient}, claims="${base64}"`],
  ['no spaces', `Bearer realm="",authorization_uri="https://x/y?z=1",${insufficient},claims="${base64}"`],
]

for (const [name, header] of found) {
  test(`claims are found with ${name}`, () => assert.equal(challengedClaims(header), claims))
}

const none: readonly [name: string, header: string | null][] = [
  ['no header', null],
  ['no claims', `Bearer ${insufficient}`],
  ['another error', `Bearer error="invalid_token", claims="${base64}"`],
  ['claims of another scheme', `PoP ${insufficient}, claims="${base64}"`],
  ['error and claims in two challenges', `Bearer ${insufficient}, Bearer claims="${base64}"`],
  ['claims that are no JSON', `Bearer ${insufficient}, claims="${Buffer.from('{"a"').toString('base64')}"`],
  ['claims that are no object', `Bearer ${insufficient}, claims="${Buffer.from('[1]').toString('base64')}"`],
  ['nonsense', '=,"\\", Bearer ,,,'],
]

for (const [name, header] of none) {
  test(`there is no challenge in ${name}`, () => assert.equal(challengedClaims(header), undefined))
}

test('a header of a megabyte is read in no time', () => {
  const started = process.cpuUsage()
  for (const piece of ['Bearer ', 'a=', '"', 'a="\\', ' = ']) challengedClaims(piece.repeat(200_000))
  assert.ok(process.cpuUsage(started).user < 2_000_000)
})

const merged: readonly [challenge: string | undefined, answers: boolean, expected: unknown][] = [
  [undefined, false, undefined],
  [undefined, true, { access_token: { xms_cc: { values: ['cp1'] } } }],
  ['{"access_token":{"nbf":1}}', false, { access_token: { nbf: 1 } }],
  ['{"access_token":{"nbf":1}}', true, { access_token: { nbf: 1, xms_cc: { values: ['cp1'] } } }],
  ['{"id_token":{"a":null}}', true, { id_token: { a: null }, access_token: { xms_cc: { values: ['cp1'] } } }],
]

for (const [challenge, answers, expected] of merged) {
  test(`the claims field for ${challenge}, ${answers ? 'answering challenges' : 'not answering any'}`, () => {
    const field = claimsParameter(challenge, answers)
    assert.deepEqual(field === undefined ? undefined : JSON.parse(field), expected)
  })
}

for (const challenge of ['', 'x', '[]', '"x"', 'null']) {
  test(`claims that are ${JSON.stringify(challenge)} are a mistake of the caller`, () => {
    assert.throws(() => claimsParameter(challenge, false), TypeError)
  })
}
