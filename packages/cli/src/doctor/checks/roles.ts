import { plain } from '../../plain.ts'
import { defineCheck, type Finding } from '../check.ts'

export const roles = defineCheck({
  name: 'roles',
  proves: 'the token carries app roles: what the API may let the app do',
  needs: ['identity', 'claims'],
  async run({ identity, claims }, { values }): Promise<Finding> {
    if (claims.aud === undefined) return { proof: 'the token is no JWT that can be read', skipped: true }
    const granted = Array.isArray(claims.roles) ? claims.roles.map((role) => plain(String(role))) : []
    const proof = granted.length === 0 ? 'none' : granted.join(', ')
    const absent = values.role.filter((role) => !granted.includes(role))
    const hints = [
      `grant it under API permissions of app ${identity.clientId} (application permissions) and give admin consent`,
      'a grant is in the next token: x5t token --no-cache',
    ]
    if (absent.length > 0) {
      const message = `the token lacks app role ${absent.join(', ')}; it has ${proof}`
      return { proof, problems: [{ severity: 'failure', message, hints }] }
    }
    if (granted.length > 0) return { proof }
    const message = 'the token carries no app role: most APIs will answer 403'
    return { proof, problems: [{ severity: 'warning', message, hints }] }
  },
})
