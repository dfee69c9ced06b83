import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { issueCertificate } from '../../src/certificate/issue-certificate.ts'
import { notReached } from '../../src/judge/steps.ts'
import { assertion, bodyOf, certify, createStage, now, privateKey, type Stage } from '../support/stage.ts'

const dayMs = 86_400_000
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const root = ec()
const middle = ec()
const { publicKey } = new X509Certificate(await certify())

async function issue(
  subject: string,
  key: KeyObject,
  issuer: { commonName: string; privateKey: KeyObject },
  options: { authority?: boolean; from?: number } = {},
): Promise<string> {
  const from = options.from ?? now - dayMs
  const der = await issueCertificate({
    commonName: subject,
    publicKey: key,
    issuer,
    notBefore: from,
    notAfter: from + 2 * dayMs,
    purpose: options.authority ? { vouchesForHosts: ['localhost'] } : {},
  })
  return new X509Certificate(der).toString()
}

const rootIssuer = { commonName: 'root', privateKey: root.privateKey }
const authority = await issue('root', root.publicKey, rootIssuer, { authority: true })
const leaf = await issue('client.contoso.com', publicKey, rootIssuer)

let stage: Stage
before(async () => {
  stage = await createStage({
    certificates: [],
    trustedSubjects: [{ subjectName: 'Client.Contoso.com', authority }],
  })
})

const x5cOf = (...pems: string[]) => pems.map((pem) => new X509Certificate(pem).raw.toString('base64'))

async function answer(
  x5c: unknown,
  key = privateKey,
): Promise<readonly [number, number | undefined, string]> {
  const header = { x5c, 'x5t#S256': undefined }
  const jwt = await assertion({ appId: stage.client.appId, certificate: leaf, header, key })
  const response = await stage.post(await stage.form({ client_assertion: jwt }))
  const { error_codes, error_description } = await bodyOf(response)
  return [response.status, error_codes?.[0], error_description]
}

test('a certificate that was never uploaded is accepted by its name and its issuer', async () => {
  for (const x5c of [x5cOf(leaf), x5cOf(leaf, authority), x5cOf(leaf)[0]])
    assert.equal((await answer(x5c))[0], 200)
})

test('a chain with a certificate in between is followed', async () => {
  const middleIssuer = { commonName: 'middle', privateKey: middle.privateKey }
  const between = await issue('middle', middle.publicKey, rootIssuer, { authority: true })
  const far = await issue('client.contoso.com', publicKey, middleIssuer)
  assert.equal((await answer(x5cOf(far, between)))[0], 200)
  assert.equal((await answer(x5cOf(far)))[1], 7000213)
})

test('another name from the same issuer is refused with AADSTS700030', async () => {
  const other = await issue('other.contoso.com', publicKey, rootIssuer)
  const [status, aadsts, description] = await answer(x5cOf(other))
  assert.deepEqual([status, aadsts], [401, 700030])
  assert.match(description, /token certificate are: other\.contoso\.com\./)
})

const untrusted: readonly [what: string, x5c: () => Promise<unknown>][] = [
  [
    'a self-signed certificate',
    async () => x5cOf(await certify(privateKey, { commonName: 'client.contoso.com' })),
  ],
  [
    'an issuer of the same name with another key',
    async () =>
      x5cOf(
        await issue('client.contoso.com', publicKey, { commonName: 'root', privateKey: ec().privateKey }),
      ),
  ],
  [
    'an issuer that is no authority',
    async () =>
      x5cOf(
        await issue('client.contoso.com', publicKey, { commonName: 'client.contoso.com', privateKey }),
        leaf,
      ),
  ],
  [
    'an expired certificate',
    async () => x5cOf(await issue('client.contoso.com', publicKey, rootIssuer, { from: now - 3 * dayMs })),
  ],
  [
    'a certificate that was changed after it was signed',
    async () => {
      const der = Buffer.from(new X509Certificate(leaf).raw)
      der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1)
      return [der.toString('base64')]
    },
  ],
  ['the authority alone', async () => x5cOf(authority)],
  ['garbage', async () => ['AAAA']],
  ['a chain without end', async () => Array(11).fill(x5cOf(leaf)[0])],
  ['a nest of lists', async () => [[[['AAAA']]]]],
]
for (const [what, x5c] of untrusted) {
  test(`${what} in x5c is refused with AADSTS7000213`, async () => {
    const [status, aadsts] = await answer(await x5c())
    assert.deepEqual([status, aadsts], [401, 7000213])
  })
}

test('the right certificate with the signature of another key is refused', async () => {
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  assert.equal((await answer(x5cOf(leaf), other))[1], 700027)
})

test('a good request by subject name passes every check of its way', async () => {
  await answer(x5cOf(leaf))
  const { refusal, checks } = stage.judged.at(-1) ?? {}
  assert.equal(refusal, undefined)
  assert.deepEqual(
    checks?.map(({ name }) => name),
    notReached(new Set(['v2', 'assertion', 'subject name']), []),
  )
})
