import type { AccessTokenClaims } from '../claims.ts'
import type { VerifiedToken } from '../verify-token.ts'
import type { Admissions } from './admissions.ts'
import type { Guard } from './guard.ts'

/** As much of Hono as is needed, so that it is no dependency. */
export type HonoMiddleware<Claims extends AccessTokenClaims> = (
  context: HonoContext<Claims>,
  next: () => Promise<void>,
) => Promise<Response | undefined>

interface HonoContext<Claims extends AccessTokenClaims> {
  readonly req: { header(name: string): string | undefined; readonly raw: object }
  set(name: 'auth', token: VerifiedToken<Claims>): void
}

/** Leaves `auth` in the context: `new Hono<{ Variables: Authenticated }>()` types it. */
export function honoMiddleware<Claims extends AccessTokenClaims>(
  guard: Guard<Claims>,
  { admit }: Admissions<Claims>,
): HonoMiddleware<Claims> {
  return async (context, next) => {
    const { token, refusal } = await guard(context.req.header('authorization'))
    if (refusal !== undefined) {
      return new Response(refusal.body, { status: refusal.status, headers: refusal.headers })
    }
    context.set('auth', token)
    admit(context.req.raw, token)
    await next()
    return undefined
  }
}
