import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'

/** The ways in which a header names a certificate. Undefined where it does not. */
export interface Thumbprints {
  /** `x5t`, as upper-case hex. */
  readonly sha1Hex: string | undefined
  /** `x5t#S256`, as base64url. */
  readonly sha256: string | undefined
  /** `kid`. Entra: Microsoft.IdentityModel puts the SHA-1 thumbprint there, in hex. */
  readonly kid: string | undefined
  readonly named: boolean
}

export function thumbprintsOf(header: Readonly<Record<string, unknown>>): Thumbprints {
  const sha1Hex = bytes(header.x5t)?.toString('hex').toUpperCase()
  const sha256 = bytes(header['x5t#S256'])?.toString('base64url')
  const kid = typeof header.kid === 'string' && header.kid !== '' ? header.kid : undefined
  return { sha1Hex, sha256, kid, named: (sha1Hex ?? sha256 ?? kid) !== undefined }
}

/** Every thumbprint given must be the certificate's; `kid` counts only where it stands alone, for many put a name there. */
export function matches(certificate: RegisteredCertificate, { sha1Hex, sha256, kid }: Thumbprints): boolean {
  if (sha1Hex === undefined && sha256 === undefined)
    return kid?.toUpperCase() === certificate.thumbprintSha1Hex
  return (
    (sha1Hex === undefined || sha1Hex === certificate.thumbprintSha1Hex) &&
    (sha256 === undefined || sha256 === certificate.thumbprintSha256)
  )
}

/**
 * Entra: clients write base64url with and without padding, and plain base64 too. Node's decoder takes all three.
 */
function bytes(value: unknown): Buffer | undefined {
  return typeof value === 'string' && value !== '' ? Buffer.from(value, 'base64') : undefined
}
