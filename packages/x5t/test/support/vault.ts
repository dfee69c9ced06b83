import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type GeneratedCertificate, generateCertificate } from '../../src/certificate/generate-certificate.ts'
import { folder, openssl } from './openssl.ts'
import { selfSigned } from './tls.ts'

/** A vault that answers as Azure Key Vault does, on https://localhost; the official SDK works with it. */
export interface FakeVault {
  readonly url: string
  /** To trust, PEM. */
  readonly ca: string
  /** `GET /certificates/app`, in order. */
  readonly requests: string[]
  /** Makes a new version of the certificate `app`; the one before stays to be had by its version. */
  renew(validity?: { days: number; now: () => number }): Promise<{ version: string; pem: string }>
  /** Instead of the next answers, or of those to `path`. */
  fault: { status: number; body: unknown; headers?: Record<string, string>; path?: string } | undefined
  stop(): void
}

export const vaultToken = 'a token for the vault'

export async function startFakeVault(): Promise<FakeVault> {
  const { key, cert } = selfSigned('localhost')
  const versions: (GeneratedCertificate & { version: string })[] = []
  const server = createServer({ key, cert }, async (request, response) => {
    const answer = (status: number, body: unknown, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    const { pathname } = new URL(request.url ?? '', vault.url)
    const body = await text(request)
    vault.requests.push(`${request.method} ${pathname}`)
    const { fault } = vault
    if (fault !== undefined && pathname === (fault.path ?? pathname)) {
      return answer(fault.status, fault.body, fault.headers)
    }
    if (request.headers.authorization !== `Bearer ${vaultToken}`) {
      return answer(
        401,
        { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer token.' } },
        {
          'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/common", resource="${vault.url}"`,
        },
      )
    }
    const [, collection, name, version, operation] = pathname.split('/')
    const found = versions.findLast((each) => !version || each.version === version)
    if (name !== 'app' || found === undefined) {
      return answer(404, {
        error: { code: 'CertificateNotFound', message: `A certificate with ${name} was not found` },
      })
    }
    if (collection === 'certificates') return answer(200, bundleOf(found))
    if (operation !== 'sign') return answer(200, keyOf(found))
    const { alg, value } = JSON.parse(body)
    const signature = signDigest(found.privateKeyPem, alg, Buffer.from(value, 'base64url'))
    answer(200, { kid: `${vault.url}/keys/app/${found.version}`, value: signature.toString('base64url') })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const vault: FakeVault = {
    url: `https://localhost:${port}`,
    ca: cert,
    requests: [],
    fault: undefined,
    async renew(validity) {
      const made = await generateCertificate({ commonName: `app ${versions.length + 1}`, ...validity })
      const version = randomBytes(16).toString('hex')
      versions.push({ ...made, version })
      return { version, pem: made.certificatePem }
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }

  function bundleOf({ certificatePem, version }: { certificatePem: string; version: string }): object {
    const { raw, validFrom, validTo } = new X509Certificate(certificatePem)
    const seconds = (date: string) => Date.parse(date) / 1_000
    return {
      id: `${vault.url}/certificates/app/${version}`,
      kid: `${vault.url}/keys/app/${version}`,
      sid: `${vault.url}/secrets/app/${version}`,
      x5t: createHash('sha1').update(raw).digest('base64url'),
      cer: raw.toString('base64'),
      attributes: { enabled: true, nbf: seconds(validFrom), exp: seconds(validTo), created: 0, updated: 0 },
      policy: { id: `${vault.url}/certificates/app/policy`, key_props: { kty: 'RSA', exportable: false } },
    }
  }
  function keyOf({ certificatePem, version }: { certificatePem: string; version: string }): object {
    const { n, e } = new X509Certificate(certificatePem).publicKey.export({ format: 'jwk' })
    const kid = `${vault.url}/keys/app/${version}`
    return { key: { kid, kty: 'RSA', key_ops: ['sign', 'verify'], n, e }, attributes: { enabled: true } }
  }
  return vault
}

/** OpenSSL signs a hash as it is given, which Node does not. */
function signDigest(privateKey: string, algorithm: 'PS256' | 'RS256', digest: Buffer): Buffer {
  const [key, input] = [folder.write('vault.key', privateKey), folder.write('digest', digest)]
  const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:32']
  const options = ['-pkeyopt', 'digest:sha256', ...(algorithm === 'PS256' ? pss : [])]
  openssl('pkeyutl', '-sign', '-inkey', key, '-in', input, '-out', folder.path('signature'), ...options)
  return readFileSync(folder.path('signature'))
}
