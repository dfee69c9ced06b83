import { events } from '../../internal/events.ts'
import type { AccessTokenClaims } from '../claims.ts'
import type { VerifiedToken, VerifyToken } from '../verify-token.ts'
import { type Refusal, refuse, refuseAnonymous } from './refusal.ts'

/**
 * Decides about one request by its `Authorization` header: the token that it came with, or the answer to send. Every
 * adapter is this and nothing more; so is one for a server that has none here.
 */
export type Guard<Claims extends AccessTokenClaims> = (
  authorization: string | undefined,
) => Promise<Admission<Claims>>

export type Admission<Claims extends AccessTokenClaims> =
  | { readonly token: VerifiedToken<Claims>; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly token?: undefined }

export function createGuard<Claims extends AccessTokenClaims>(
  verify: VerifyToken<Claims>,
  authorizationUri: string | undefined,
): Guard<Claims> {
  return async (authorization) => {
    const token = bearerToken(authorization)
    if (token === undefined) return { refusal: refuseAnonymous(authorizationUri) }
    try {
      return { token: await verify(token) }
    } catch (error) {
      const refusal = refuse(error, authorizationUri)
      events.refusal.publish({ status: refusal.status, code: refusal.error?.code })
      return { refusal }
    }
  }
}

/** The scheme is case-insensitive (RFC 9110 section 11.1). What follows is judged as it stands. */
function bearerToken(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^bearer +(.+)$/is.exec(authorization)?.[1]
}
