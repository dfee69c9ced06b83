import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeEntry } from '../../src/journal/describe-entry.ts'
import { assertionCases } from '../judge/cases/assertion.ts'
import { requestCases } from '../judge/cases/request.ts'
import { resourceCases } from '../judge/cases/resource.ts'
import { createStage, journals } from '../support/stage.ts'

/** Which check a number is about; of some it could be one of several. */
const checkOf: Readonly<Record<number, RegExp>> = {
  50027: /^(the assertion is a JWT|alg is a text|nbf and exp are numbers)$/,
  50048: /^sub is iss$/,
  50059: /^the path names one tenant$/,
  50171: /^aud is not for mutual TLS$/,
  50194: /^the path names one tenant$/,
  53003: /^Conditional Access lets the client in$/,
  70003: /^grant_type is client_credentials$/,
  70011: /^the scope (has valid characters|names a resource)$/,
  90002: /^the tenant is known$/,
  90013: /^the tenant holds no placeholder$/,
  90023: /^the request is not a web page’s$/,
  500011: /^the resource is known in the tenant$/,
  500014: /^the resource is enabled$/,
  501051: /^the client has an app role where the resource asks for one$/,
  700016: /^the application is known in the tenant$/,
  700021: /^iss is client_id$/,
  700022: /^the scope names one resource$/,
  700023: /^aud is this tenant’s token endpoint or issuer$/,
  700024: /^the time is between nbf and exp$/,
  700025: /^the client is confidential$/,
  700038: /^client_id can be an application$/,
  900023: /^the tenant is a GUID or a domain$/,
  900561: /^the method is POST$/,
  901002: /^v2 is not asked by resource$/,
  1002012: /^the scope ends in \/\.default$/,
  5002723: /^the header names a key$/,
  5002738: /^the algorithm is taken$/,
  7000110: /^client_id is the same everywhere$/,
  7000112: /^the application is enabled$/,
  7000215: /^the secret is registered$/,
  7000216: /^a credential is there$/,
  7000222: /^the secret has not expired$/,
  7000229: /^the application has a service principal in the tenant$/,
  9000411: /^no field comes twice$/,
  9002313: /^(the body can be read|claims is a JSON object)$/,
}

/** Numbers whose text says which of their checks failed. */
const checkInText: readonly (readonly [text: RegExp, check: RegExp])[] = [
  [/^AADSTS900144: .*'client_assertion_type'/, /^client_assertion_type is jwt-bearer$/],
  [/^AADSTS900144: .*'grant_type'/, /^(grant_type is there|the body is a form)$/],
  ...['client_id', 'scope', 'resource'].map(
    (field) => [new RegExp(`^AADSTS900144: .*'${field}'`), new RegExp(`^${field} is there$`)] as const,
  ),
  ...['iss', 'sub', 'aud'].map(
    (claim) => [new RegExp(`^AADSTS90014: .*'${claim}'`), new RegExp(`^${claim} is there$`)] as const,
  ),
  [/^AADSTS700027: .*key was not found/, /^the certificate is registered$/],
  [/^AADSTS700027: .*key used is expired/, /^the certificate is valid now$/],
  [/^AADSTS700027: .*(did not match|failed)/, /^the signature is by the certificate’s key$/],
]

const stage = await createStage()
for (const { what, send, aadsts } of [...requestCases, ...assertionCases, ...resourceCases]) {
  test(`${what} shows exactly one failed check, the right one`, async () => {
    const stages = journals.length
    await send(stage)
    // Some cases set a stage of their own.
    const { journal, directory } = journals.slice(stages).at(-1) ?? stage
    const entry = journal.entries().at(-1)
    assert.ok(entry)
    const { checks, advice, message } = describeEntry(entry, directory)
    const failed = checks.flatMap((check, index) => (check.state === 'failed' ? [{ ...check, index }] : []))
    assert.equal(failed.length, 1)
    assert.ok(message)
    assert.ok(message.startsWith(`AADSTS${aadsts}: `), message)
    const right = checkOf[aadsts] ?? checkInText.find(([text]) => text.test(message))?.[1]
    assert.match(failed[0]?.name ?? '', right ?? /^$/)
    assert.ok(advice)
    const states = checks.map(({ state }) => state)
    const at = failed[0]?.index ?? -1
    assert.ok(states.slice(0, at).every((state) => state === 'passed'))
    assert.ok(states.slice(at + 1).every((state) => state === 'not reached'))
    assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length, 'no check stands twice')
  })
}
