import type { AccessTokenClaims } from '../claims.ts'
import type { Admissions } from './admissions.ts'
import type { Guard } from './guard.ts'

/** As much of Fastify as is needed, so that it is no dependency. */
export type FastifyHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

interface FastifyRequest {
  readonly headers: { readonly authorization?: string | undefined }
}

interface FastifyReply {
  code(status: number): FastifyReply
  headers(values: Record<string, string>): FastifyReply
  send(body: string): FastifyReply
}

/** A hook that has sent an answer returns the reply; one that returns nothing lets the request go on. */
export function fastifyHook<Claims extends AccessTokenClaims>(
  guard: Guard<Claims>,
  { admit }: Admissions<Claims>,
): FastifyHook {
  return async (request, reply) => {
    const { token, refusal } = await guard(request.headers.authorization)
    if (refusal !== undefined) {
      return reply
        .code(refusal.status)
        .headers({ ...refusal.headers })
        .send(refusal.body)
    }
    admit(request, token)
    return undefined
  }
}
