import type { AccessTokenClaims, EntraClaims } from '../claims.ts'
import type { VerifiedToken } from '../verify-token.ts'

/** What middleware leaves on a request that it let in. */
export interface Authenticated<Claims extends AccessTokenClaims = EntraClaims> {
  readonly auth: VerifiedToken<Claims>
}

/** Which requests one verifier let in, and with what token. Nothing on the request itself can forge that. */
export interface Admissions<Claims extends AccessTokenClaims> {
  admit<Request extends object>(
    request: Request,
    token: VerifiedToken<Claims>,
  ): Request & Authenticated<Claims>
  tokenOf(request: object): VerifiedToken<Claims>
}

export function createAdmissions<Claims extends AccessTokenClaims>(): Admissions<Claims> {
  const tokens = new WeakMap<object, VerifiedToken<Claims>>()
  return {
    admit(request, auth) {
      tokens.set(request, auth)
      return Object.assign(request, { auth })
    },
    tokenOf(request) {
      const token = tokens.get(request)
      if (token !== undefined) return token
      throw new TypeError(
        'this verifier did not let the request in; its middleware must run before the handler',
      )
    },
  }
}
