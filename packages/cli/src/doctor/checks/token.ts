import { clientOf } from '../../client.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { wordsOf } from '../error-words.ts'
import { stageOf } from '../token-answer.ts'

export const tokenRequest = defineCheck({
  name: 'token request',
  proves: 'the token endpoint answers, with a token or with a reason',
  needs: ['settings', 'identity', 'credential', 'inDate', 'tenantKnown'],
  waits: true,
  async run({ settings, identity, credential }): Promise<Finding> {
    const { TokenEndpointError } = await import('x5t')
    try {
      const { client } = await clientOf(settings, credential)
      const { accessToken, expiresAt } = await client.getToken({ scope: identity.scope })
      const proof = `a token for ${identity.scope} until ${new Date(expiresAt).toISOString()}`
      return { proof, facts: { answer: { accessToken, expiresAt } } }
    } catch (error) {
      const refused = error instanceof TokenEndpointError && error.code === 'ERR_ENTRA_REFUSED'
      if (refused && stageOf(error) !== undefined) {
        return {
          proof: `answered, and not with a token: AADSTS${error.aadsts}`,
          facts: { answer: { refusal: error } },
        }
      }
      const { message, hints } = wordsOf(error)
      return blocked(message, hints)
    }
  },
})
