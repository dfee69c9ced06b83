import { blocked, defineCheck, type Finding } from '../check.ts'
import { passed, quote } from '../token-answer.ts'
import { despite, whence } from '../whence.ts'

export const app = defineCheck({
  name: 'app',
  proves: 'the app is registered in this tenant, has a service principal there and is enabled',
  needs: ['settings', 'identity', 'answer'],
  async run({ settings, identity, answer }): Promise<Finding> {
    const { refusal } = answer
    if (passed(answer, 'app')) return { proof: `app ${identity.clientId}`, facts: { appKnown: true } }
    // Whatever is refused before the certificate is about the app or its tenant.
    return blocked(
      `${refusal?.message}${despite(settings, ['clientId', 'tenant'])}`,
      [
        ...(refusal?.hint === undefined ? [] : [refusal.hint]),
        `client id ${identity.clientId} is from ${whence(settings, 'clientId')}; tenant from ${whence(settings, 'tenant')}`,
      ],
      refusal === undefined ? '' : quote(refusal),
    )
  },
})
