export type { TokenClaims } from './claims.ts'
export { type DecodedToken, decodeToken, type TokenHeader } from './token.ts'
export { createVerifier, type Verifier, type VerifierOptions } from './verifier.ts'
