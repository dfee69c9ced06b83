/** The number in a member of a JWK (RFC 7518 section 6.3), in base64url that `node:crypto` made or has read; empty is 0. */
export function base64urlToBigInt(text: string): bigint {
  return BigInt(`0x0${Buffer.from(text, 'base64url').toString('hex')}`)
}
