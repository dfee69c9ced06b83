import { randomUUID } from 'node:crypto'
import type { Certificate } from '../certificate/certificate.ts'
import { CertificateError, X5tError } from '../errors.ts'
import { reasonOf } from '../internal/redact.ts'
import type { SignatureAlgorithm, Signer } from '../signer/signer.ts'

/** From `nbf` to `exp`. Entra: "keep it short, 5-10 minutes"; it enforces no maximum today. */
const lifetimeSeconds = 600
/** How far `nbf` lies in the past, for servers whose clock is a little behind. */
const backdateSeconds = 60

export interface ClientAssertionOptions {
  readonly credential: { readonly certificate: Certificate; readonly signer: Signer }
  readonly clientId: string
  /** The token endpoint that will judge the assertion. */
  readonly audience: string
  /** `PS256` with `x5t#S256` (default), or `RS256` with `x5t` for AD FS and keys that cannot do PSS. */
  readonly algorithm?: SignatureAlgorithm | undefined
  /** Sends the certificate and its chain as `x5c`, for subject-name/issuer trust. Default: false. */
  readonly sendCertificateChain?: boolean | undefined
  /** Epoch milliseconds, as the server counts them. */
  readonly now: number
}

/**
 * The JWT by which a client proves that it holds the key of a registered certificate.
 * Valid for 10 minutes, one minute of them already past; `jti` is new each time.
 *
 * @returns Compact JWS. A credential: never log it, never keep it.
 * @throws CertificateError `ERR_SIGNER_FAILED` with what the signer threw as its cause; an X5tError of the signer as it is.
 * @see RFC 7523 section 3; Entra: certificate-credentials
 */
export async function createClientAssertion(options: ClientAssertionOptions): Promise<string> {
  const { credential, clientId, audience, now } = options
  const algorithm = options.algorithm ?? credential.signer.algorithms?.[0] ?? 'PS256'
  const notBefore = Math.floor(now / 1_000) - backdateSeconds
  const header = protectedHeader(credential, algorithm, options.sendCertificateChain ?? false)
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: notBefore,
    iat: notBefore,
    exp: notBefore + lifetimeSeconds,
  }
  const signingInput = `${encode(header)}.${encode(claims)}`
  try {
    const signature = await credential.signer.sign(algorithm, Buffer.from(signingInput))
    return `${signingInput}.${Buffer.from(signature).toString('base64url')}`
  } catch (cause) {
    if (cause instanceof X5tError) throw cause
    throw new CertificateError('ERR_SIGNER_FAILED', `the signer did not sign: ${reasonOf(cause)}`, { cause })
  }
}

function protectedHeader(
  { certificate }: ClientAssertionOptions['credential'],
  algorithm: SignatureAlgorithm,
  withChain: boolean,
): object {
  const { thumbprintSha256, thumbprintSha1, der, chain } = certificate
  const thumbprint = algorithm === 'PS256' ? { 'x5t#S256': thumbprintSha256 } : { x5t: thumbprintSha1 }
  const header = { alg: algorithm, typ: 'JWT', ...thumbprint }
  return withChain ? { ...header, x5c: [der, ...chain].map(toBase64) } : header
}

/** Not base64url: RFC 7515 section 4.1.6. */
function toBase64(der: Uint8Array): string {
  return Buffer.from(der).toString('base64')
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
