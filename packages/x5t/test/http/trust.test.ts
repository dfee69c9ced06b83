import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
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

test('without ca nothing is made', () => assert.deepEqual(trusting(undefined), {}))
