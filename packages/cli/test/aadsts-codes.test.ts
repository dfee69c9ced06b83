import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainAadsts } from 'x5t/aadsts'
import { findAadstsCodes } from '../src/aadsts-codes.ts'

const isKnown = (code: number) => explainAadsts(code) !== undefined

const found: [what: string, text: string, codes: number[]][] = [
  ['the name', 'AADSTS700027', [700027]],
  ['the number alone', ' 700027\n', [700027]],
  ['a number nobody knows, alone', '999999', [999999]],
  ['lower case and a space', 'aadsts 90002: Tenant not found', [90002]],
  ['with a colon', 'AADSTS: 50196', [50196]],
  ['two, each once', 'AADSTS70002: Error. AADSTS50012: wrong. AADSTS70002', [70002, 50012]],
  ['an answer as JSON', '{"error":"invalid_client","error_codes":[700027,90002]}', [700027, 90002]],
  ['numbers as text', '{"error_codes": ["7000215"]}', [7000215]],
  ['the error page', 'see https://login.microsoftonline.com/error?code=7000229.', [7000229]],
  ['a number among words', 'we got error 700016 again today', [700016]],
  ['in brackets', '(code 700016)', [700016]],
  ['at the end of a sentence', 'It says 700016.', [700016]],
  ['after code=', 'refused, code=700016', [700016]],
  ['a colour in the middle of the name', '\u001b[31mAADSTS\u001b[1m50011\u001b[0m: The reply URL', [50011]],
  ['a list in colours', 'error_codes: \u001b[33m[\u001b[39m \u001b[33m50011\u001b[39m ]', [50011]],
  ['JSON in a text of JSON', '"{\\"error_codes\\":[50011,65004]}"', [50011, 65004]],
  ['the same in code points', '{"@x":"\\u0022error_codes\\u0022:[50011]"}', [50011]],
  ['what Python prints', "{'error_codes': [50011], 'suberror': ''}", [50011]],
  ['over several lines, as Node prints it', 'error_codes: [\n    50011,\n    65004\n  ],', [50011, 65004]],
  ['the errorNo of MSAL', "  errorNo: '50011',", [50011]],
  ['the Error(s) of MSAL', 'invalid_grant: Error(s): 50011 - Timestamp: 2026-11-26 12:34:56Z', [50011]],
  ['an underscore', 'AADSTS_50011', [50011]],
  [
    'several credentials in a chain',
    'A: AADSTS50011: x\nB: 169.254.169.254:80\nC: AADSTS65004: y',
    [50011, 65004],
  ],
  ['a member called aadsts', '{"error":{"code":"ERR_ENTRA_REFUSED","aadsts":700024}}', [700024]],
]
for (const [what, text, codes] of found) {
  test(`numbers are found: ${what}`, () => assert.deepEqual(findAadstsCodes(text, isKnown), codes))
}

const log = `2026-09-14T08:12:31.700027Z pid=53003 host 10.50.196.1:50196 GET /v1.0/users/70011 took 90002ms
Trace ID: 00700016-0000-4700-9000-000000053003 Correlation ID: 50012000-0000-0000-0000-000000700027
Timestamp: 2026-09-14 08:12:31Z thumbprint 50012700027530037001600000000000000AB12C amount 50,012.50 v50012`
test('ids, times, addresses, paths and amounts are no AADSTS numbers', () => {
  assert.deepEqual(findAadstsCodes(log, isKnown), [])
})

test('beside a number with its name, bare numbers are not looked at', () => {
  assert.deepEqual(findAadstsCodes('53003 times: AADSTS700027', isKnown), [700027])
})

test('a number among words that nobody knows is none', () => {
  assert.deepEqual(findAadstsCodes('invoice 123456 is open', isKnown), [])
})

test('a long hostile text costs little', () => {
  const started = process.cpuUsage()
  findAadstsCodes('error_codes: 12345,'.repeat(50_000), isKnown)
  findAadstsCodes('1'.repeat(1_000_000), isKnown)
  findAadstsCodes('eyJ.'.repeat(250_000), isKnown)
  findAadstsCodes('error_codes'.repeat(50_000), isKnown)
  findAadstsCodes(`error_codes${'\\'.repeat(500_000)}`, isKnown)
  findAadstsCodes('\u001b['.repeat(500_000), isKnown)
  assert.ok(process.cpuUsage(started).user < 2_000_000)
})
