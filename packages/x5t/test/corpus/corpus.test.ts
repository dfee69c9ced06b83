import assert from 'node:assert/strict'
import { verify, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { CertificateError } from '../../src/errors.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { digestOf, opensslRows, otherRows, place, type Specimen, specimensOf } from './corpus.ts'
import { type Kit, makeKit } from './kit.ts'
import { skipWithoutTools } from './tools.ts'

const opensslSpecimens = specimensOf(opensslRows)
const otherSpecimens = specimensOf(otherRows)
const all = [...opensslSpecimens, ...otherSpecimens]

const page = readFileSync(new URL('../../../../docs/keys.md', import.meta.url), 'utf8')

test('docs/keys.md lists what is tried here, with the outcome that is tried, and nothing else', () => {
  const documented = [...page.matchAll(/^\| (.+) \| `?(ERR_\w+|loads)`? \|$/gm)].map(([, row, outcome]) => [
    row,
    outcome,
  ])
  const tried = new Map(all.map(({ row, outcome }) => [row, outcome]))
  assert.deepEqual(new Map(documented as [string, string][]), tried)
  for (const { row, outcome } of all) assert.equal(outcome, tried.get(row), row)
})

test('the corpus has at least 138 files, each under its own name', () => {
  assert.ok(all.length >= 138, `${all.length} files`)
  assert.ok(page.includes(`: ${all.length} in all`), `docs/keys.md says another number than ${all.length}`)
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
})

const seen = new Map<string, string>()
let kit: Kit

for (const [by, specimens, options] of [
  ['OpenSSL', opensslSpecimens, skipWithoutOpenssl],
  ['other tools', otherSpecimens, { skip: skipWithoutOpenssl.skip || skipWithoutTools.skip }],
] as const) {
  describe(`as docs/keys.md says, made by ${by}`, options, () => {
    before(() => {
      kit ??= makeKit()
    })
    for (const specimen of specimens) {
      test(`${specimen.name}: ${specimen.outcome}`, () => assertOutcome(specimen))
    }
  })
}

async function assertOutcome(specimen: Specimen): Promise<void> {
  const { source, chain, thumbprints } = place(specimen, kit)
  const digest = digestOf(source)
  assert.equal(seen.get(digest), undefined, 'the same file under another name')
  seen.set(digest, specimen.name)
  if (specimen.outcome !== 'loads') {
    await assert.rejects(loadCredential(source), (error) => isRefusal(error, specimen.outcome))
    return
  }
  const { certificate, signer, warnings } = await loadCredential(source)
  assert.deepEqual(warnings, [])
  assert.equal(certificate.thumbprintSha1Hex, thumbprints.sha1)
  assert.equal(certificate.thumbprintSha256Hex, thumbprints.sha256)
  if (chain !== undefined)
    assert.deepEqual(
      certificate.chain.map((der) => new X509Certificate(der).subject),
      chain,
    )
  const data = Buffer.from('data')
  const { publicKey } = new X509Certificate(certificate.der)
  assert.ok(verify('sha256', data, publicKey, await signer.sign('RS256', data)))
}

/** In lower case, one sentence without a period, with a hint, and with nothing that could be a secret. */
function isRefusal(error: unknown, code: string): true {
  assert.ok(error instanceof CertificateError, String(error))
  assert.equal(error.code, code, error.message)
  assert.ok(error.hint !== undefined && error.hint.length > 10, 'a hint')
  const said = `${error.message}\n${error.hint}`
  assert.doesNotMatch(said, /^[A-Z]|\.$|undefined|correct horse|[A-Za-z0-9+/]{50}/m)
  assert.doesNotMatch(error.message, /\n|\. /)
  return true
}
