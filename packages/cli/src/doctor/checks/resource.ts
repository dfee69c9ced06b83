import { blocked, defineCheck, type Finding } from '../check.ts'
import { passed, quote } from '../token-answer.ts'
import { despite, whence } from '../whence.ts'

export const resource = defineCheck({
  name: 'resource',
  proves: 'the API that the token is for exists in the tenant and lets the app in',
  needs: ['settings', 'identity', 'answer', 'registered'],
  async run({ settings, identity, answer }): Promise<Finding> {
    const { refusal } = answer
    if (refusal === undefined || passed(answer, 'resource')) {
      const { decodeToken } = await import('x5t/verify')
      return { proof: identity.scope, facts: { claims: claimsOf(answer.accessToken, decodeToken) } }
    }
    return blocked(
      `${refusal.message}${despite(settings, ['scope', 'clientId', 'tenant'])}`,
      [
        `scope ${identity.scope} is from ${whence(settings, 'scope')}`,
        ...(refusal.hint === undefined ? [] : [refusal.hint]),
      ],
      quote(refusal),
    )
  },
})

/** Entra: what a token looks like is the resource's affair; one that is no JWT has no claims to show. */
function claimsOf(
  token: string | undefined,
  decode: (token: string) => { readonly claims: object },
): Readonly<Record<string, unknown>> {
  try {
    return { ...decode(token ?? '').claims }
  } catch {
    return {}
  }
}
