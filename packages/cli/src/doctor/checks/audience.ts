import { plain } from '../../plain.ts'
import { defineCheck, type Finding } from '../check.ts'

export const audience = defineCheck({
  name: 'audience',
  proves: 'the token is for the API that is meant, in the version that it takes',
  needs: ['identity', 'claims'],
  async run({ identity, claims }, { values }): Promise<Finding> {
    const { aud, ver } = claims
    if (typeof aud !== 'string') return { proof: 'the token is no JWT that can be read', skipped: true }
    const proof = `aud ${plain(aud)}, version ${plain(String(ver))}`
    const expected = values.audience
    if (expected === undefined || same(aud, expected)) return { proof }
    const mixed = aud.replace(/^api:\/\//, '') === expected.replace(/^api:\/\//, '')
    const message = `the token is for ${plain(aud)} (version ${plain(String(ver))}), the API expects ${expected}`
    const hints = mixed
      ? [
          'a version 1.0 token names the API by its URI, a version 2.0 token by its app id',
          'set api.requestedAccessTokenVersion in the manifest of the API, or let it accept both names',
        ]
      : [`ask for the API: --scope ${expected}/.default (now ${identity.scope})`]
    return { proof, problems: [{ severity: 'failure', message, hints }] }
  },
})

/** Entra: a slash at the end of a resource may or may not be in the audience. */
function same(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '')
}
