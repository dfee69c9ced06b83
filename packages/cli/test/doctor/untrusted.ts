import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { generateCertificate } from 'x5t'
import { createStage } from '../support/stage.ts'

/** Servers whose TLS certificate is not trusted: a CA is asked for where one mends that, and nowhere else. */
const stage = createStage()
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: stage.folder, stdio: 'pipe' })
const read = (name: string) => readFileSync(join(stage.folder, name), 'utf8')
after(() => stage.remove())

const isCa = 'basicConstraints=critical,CA:true'
/** Without key identifiers a CA is known by its name alone. */
const nameAlone = ['subjectKeyIdentifier=none', 'authorityKeyIdentifier=none']

/** Writes `${name}.key` and `${name}.pem`, signed by `${by}`, or by itself. */
function issue(name: string, subject: string, extensions: readonly string[], by?: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', `${name}.key`]
  const issuer = by === undefined ? [] : ['-CA', `${by}.pem`, '-CAkey', `${by}.key`]
  const added = extensions.flatMap((each) => ['-addext', each])
  stage.write('bare.cnf', '[req]\ndistinguished_name = dn\n[dn]\n') // the usual one adds extensions
  const files = ['-config', 'bare.cnf', '-out', `${name}.pem`, '-days', '1']
  openssl('req', '-x509', ...key, ...issuer, ...added, ...files, '-subj', `/CN=${subject}`)
}

interface Untrusted {
  readonly what: string
  readonly reason: string
  /** Writes `server.key`, `server.pem`, and `ca.pem`, which is trusted. */
  readonly arrange: () => void
  readonly isMendedByCa: boolean
}

const cases: readonly Untrusted[] = [
  {
    what: 'by a CA of the same name as one that is trusted',
    reason: 'CERT_SIGNATURE_FAILURE',
    arrange() {
      for (const name of ['ca', 'new']) issue(name, 'Company CA', [isCa, ...nameAlone])
      issue('server', 'localhost', ['subjectAltName=DNS:localhost', ...nameAlone], 'new')
    },
    isMendedByCa: true,
  },
  {
    what: 'by a CA of another name',
    reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    arrange() {
      issue('ca', 'Company CA', [isCa])
      issue('server', 'localhost', ['subjectAltName=DNS:localhost'])
    },
    isMendedByCa: true,
  },
  {
    what: 'for another name',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    arrange() {
      issue('server', 'other.example', ['subjectAltName=DNS:other.example'])
      stage.write('ca.pem', read('server.pem'))
    },
    isMendedByCa: false,
  },
  {
    what: 'for clients alone',
    reason: 'INVALID_PURPOSE',
    arrange() {
      issue('server', 'localhost', ['subjectAltName=DNS:localhost', 'extendedKeyUsage=clientAuth'])
      stage.write('ca.pem', read('server.pem'))
    },
    isMendedByCa: false,
  },
]

describe('a TLS certificate', { skip: !hasOpenssl && 'needs OpenSSL: apt-get install openssl' }, async () => {
  const { privateKeyPem, certificatePem } = await generateCertificate({ commonName: 'client' })
  for (const { what, reason, arrange, isMendedByCa } of cases) {
    test(`that was issued ${what}: the hint ${isMendedByCa ? 'names' : 'speaks of no'} CA`, async () => {
      stage.empty()
      arrange()
      stage.write('client.pem', privateKeyPem + certificatePem)
      const server = createServer({ key: read('server.key'), cert: read('server.pem') })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const url = `https://localhost:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
      try {
        const trust = ['--authority', url, '--ca', 'ca.pem', '--tenant', tenant]
        const commands = [
          ['emulator', 'status', '--url', url, '--ca', 'ca.pem'],
          ['verify', ...trust, '--audience', 'a', '--any-client'],
        ]
        for (const argv of commands) {
          const { code, stderr } = await stage.x5t(argv, { input: tokenOf(url) })
          assert.equal(code, 5, stderr)
          const hint = isMendedByCa ? 'name its CA: --ca FILE' : 'check the address and the clock'
          assert.match(stderr, new RegExp(`not trusted \\(${reason}\\)\n {2}hint: ${hint}.*\n\\w+\n$`))
        }
        const client = ['--client-id', tenant.replace('1', '2'), '--cert', 'client.pem']
        const found = await stage.x5t(['doctor', ...trust, ...client])
        assert.match(found.stdout, /FAIL {2}TLS/)
        assert.equal(found.stdout.includes('trust its CA: --ca FILE'), isMendedByCa, found.stdout)
        assert.equal(
          /put its CA in the place of that/.test(found.stdout),
          reason === 'CERT_SIGNATURE_FAILURE',
        )
      } finally {
        server.closeAllConnections()
        server.close()
      }
    })
  }
})

const tenant = '11111111-1111-4111-8111-111111111111'

/** Nothing is wrong with it before its key is asked for. */
function tokenOf(url: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const issuer = { iss: `${url}/${tenant}/v2.0`, tid: tenant, ver: '2.0' }
  const claims = { ...issuer, aud: 'a', iat: 0, nbf: 0, exp: 4_000_000_000 }
  return `${part({ typ: 'JWT', alg: 'RS256', kid: 'k' })}.${part(claims)}.${'A'.repeat(342)}`
}
