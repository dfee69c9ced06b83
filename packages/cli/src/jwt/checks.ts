import type { CheckName } from 'x5t/verify'

/** What each check of the library asks, for people. */
export const questions: Readonly<Record<CheckName, string>> = {
  form: 'one JWT, in its strict form',
  algorithm: 'RS256, no critical headers',
  issuer: 'issued by this tenant, exactly',
  key: 'names a key that the tenant publishes',
  signature: 'signed by that key',
  time: 'not expired, not from the future; five minutes of tolerance',
  audience: 'meant for this audience',
  claims: 'has the claims that are required',
  'app-only': 'of an app, not of a user',
  client: 'of a client that may call',
  certificate: 'the client proved itself by a certificate',
  role: 'has one of the roles',
}

/** The check that ends with this code; of two, the earlier one. A token that is malformed has passed none for sure. */
const checkOf: Readonly<Record<string, CheckName>> = {
  ERR_TOKEN_ALGORITHM: 'algorithm',
  ERR_TOKEN_VERSION: 'issuer',
  ERR_TOKEN_ISSUER: 'issuer',
  ERR_TOKEN_KEY_UNKNOWN: 'key',
  ERR_TOKEN_SIGNATURE: 'signature',
  ERR_TOKEN_EXPIRED: 'time',
  ERR_TOKEN_NOT_YET_VALID: 'time',
  ERR_TOKEN_AUDIENCE: 'audience',
  ERR_TOKEN_NOT_APP_ONLY: 'app-only',
  ERR_TOKEN_CLIENT: 'client',
  ERR_TOKEN_CLIENT_CREDENTIAL: 'certificate',
  ERR_TOKEN_ROLE: 'role',
}

/** Made only where they are asked for. */
const optional: readonly CheckName[] = ['claims', 'client', 'certificate', 'role']

/**
 * The checks that a refused token has passed for sure.
 *
 * @param inOrder - All that there are.
 * @returns Nothing for an error that is no verdict on a readable token.
 */
export function passedBefore(code: string, inOrder: readonly CheckName[]): readonly CheckName[] | undefined {
  const failed = checkOf[code]
  if (failed === undefined) return undefined
  return inOrder.slice(0, inOrder.indexOf(failed)).filter((name) => !optional.includes(name))
}
