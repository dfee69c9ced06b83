/** An X.509 certificate as this package needs it: identity, validity and the names people know it by. */
export interface Certificate {
  /** The certificate, DER. */
  readonly der: Uint8Array
  /** The certificate, PEM with one newline at the end. */
  readonly pem: string
  /** Distinguished name on one line, `CN=billing, O=Contoso`. */
  readonly subject: string
  /** Epoch milliseconds. */
  readonly notBefore: number
  /** Epoch milliseconds. */
  readonly notAfter: number
  /** Bits of the RSA modulus. */
  readonly keyBits: number
  /** base64url, 27 characters: the `x5t` header. */
  readonly thumbprintSha1: string
  /** Upper-case hex, 40 characters: as the portal shows it. */
  readonly thumbprintSha1Hex: string
  /** base64url, 43 characters: the `x5t#S256` header. */
  readonly thumbprintSha256: string
  /** Upper-case hex, 64 characters. */
  readonly thumbprintSha256Hex: string
  /** DER of the certificates that came along, nearest issuer first, without this one: the rest of `x5c`. */
  readonly chain: readonly Uint8Array[]
}
