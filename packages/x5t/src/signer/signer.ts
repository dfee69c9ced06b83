/** JWS names (RFC 7518) of the signatures Entra accepts on a client assertion. */
export type SignatureAlgorithm = 'PS256' | 'RS256'

/** Signs for the private key of a certificate, wherever that key is kept. */
export interface Signer {
  /**
   * @param algorithm - JWS name, RFC 7518: `PS256` for client assertions, `RS256` where PSS is refused.
   * @param data - The JWS signing input; the signer hashes it with SHA-256.
   * @returns The raw signature over `data`: 256 bytes for RSA-2048. PS256 has a salt of 32 bytes.
   */
  sign(algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Uint8Array>
  /** What the key can do, if not both; a client then uses the first it can. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
}
