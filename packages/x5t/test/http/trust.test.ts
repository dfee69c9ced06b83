import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createFetch } from '../../src/http/create-fetch.ts'
import { trusting } from '../../src/http/trust.ts'
import { listen } from '../support/listen.ts'
import { skipWithoutOpenssl } from '../support/openssl.ts'
import { selfSigned } from '../support/tls.ts'

const child = join(import.meta.dirname, 'trust-child.ts')

test('ca adds to what is trusted, NODE_EXTRA_CA_CERTS included', skipWithoutOpenssl, async () => {
  const [given, extra, neither] = ['given', 'extra', 'neither'].map((name) => selfSigned('localhost', name))
  const addresses = await Promise.all(
    [given, extra, neither].map(async (keys) => {
      const port = await listen(createServer({ ...keys }, (_, response) => response.end()))
      return `https://localhost:${port}`
    }),
  )
  const ask = async (ca: string, extraCas: string) => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: extraCas }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', './scripts/typescript.js', child, ca, ...addresses],
      { env },
    )
    return JSON.parse(stdout)
  }
  const no = 'ERR_TLS_UNTRUSTED'
  assert.deepEqual(await ask(given?.path ?? '', extra?.path ?? ''), [200, 200, no])
  assert.deepEqual(await ask('', extra?.path ?? ''), [no, 200, no])
  assert.deepEqual(await ask(given?.path ?? '', ''), [200, no, no])
})

test('a ca that is no PEM is a mistake, not a smaller trust', () => {
  assert.throws(() => trusting('/etc/ssl/ca.pem'), TypeError)
  assert.throws(() => trusting(['-----BEGIN CERTIFICATE-----', '']), TypeError)
})

describe('ca', skipWithoutOpenssl, () => {
  const { cert, key } = selfSigned('localhost', 'written')
  const other = selfSigned('other.example', 'other').cert
  const [first = '', ...lines] = cert.trim().split('\n')

  const forms: Record<string, string | readonly string[]> = {
    indented: cert.replaceAll(/^/gm, '    '),
    'with \\n for line ends': cert.replaceAll('\n', '\\n'),
    'with \\r\\n for line ends': cert.replaceAll('\n', '\\r\\n'),
    'in one line': [first, ...lines].join(' '),
    'behind another, in one text': `of another\n${other}\nof this\n${cert}`,
    'in a list': [other, cert],
  }
  for (const [form, ca] of Object.entries(forms)) {
    test(`is trusted ${form}`, async () => {
      const port = await listen(createServer({ key, cert }, (_, response) => response.end('there')))
      assert.equal(await (await createFetch({ ca })(`https://localhost:${port}`)).text(), 'there')
    })
  }

  const damaged: Record<string, [ca: string | readonly string[], which: number]> = {
    cut: [cert.slice(0, 200), 1],
    'cut, whole otherwise': [cert.slice(0, 200) + lines.at(-1), 1],
    garbage: [`${first}\nAAAA\n${lines.at(-1)}`, 1],
    'before a good one': [`${first}\nAAAA\n${lines.at(-1)}\n${cert}`, 1],
    'behind a good one': [[other, `${cert}\n${first}\n!\n${lines.at(-1)}`], 3],
  }
  for (const [what, [ca, which]] of Object.entries(damaged)) {
    test(`with a certificate that is ${what} is a mistake, and says which`, () => {
      const expected = { name: 'TypeError', message: `certificate ${which} of ca cannot be read` }
      assert.throws(() => trusting(ca), expected)
    })
  }

  test('NODE_EXTRA_CA_CERTS of a given environment counts without ca too', async () => {
    const { path, cert, key } = selfSigned('localhost', 'environment')
    const port = await listen(createServer({ key, cert }, (_, response) => response.end('there')))
    const fetch = createFetch({ environment: { NODE_EXTRA_CA_CERTS: path } })
    assert.equal(await (await fetch(`https://localhost:${port}`)).text(), 'there')
  })
})

test('without ca nothing is made', () => {
  assert.deepEqual(trusting(undefined), {})
  assert.deepEqual(trusting(undefined, {}), {})
})
