import { explainAadsts } from 'x5t/aadsts'
import { plain } from '../../plain.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { despite, whence } from '../whence.ts'

export const tenant = defineCheck({
  name: 'tenant',
  proves: 'the tenant exists, and in this cloud',
  needs: ['settings', 'identity', 'metadata'],
  async run({ settings, identity, metadata }): Promise<Finding> {
    const wire = parse(metadata.body)
    const { host } = identity.authority
    const from = `tenant is from ${whence(settings, 'tenant')}; authority from ${whence(settings, 'authority')}`
    const said = typeof wire.error_description === 'string' ? plain(wire.error_description) : undefined
    const code = Number(/AADSTS(\d+)/.exec(said ?? '')?.[1])
    if (metadata.status !== 200) {
      const known = explainAadsts(code, { tenant: identity.tenant })
      if (known === undefined) {
        return blocked(`${host} publishes no metadata for tenant ${identity.tenant} (${metadata.status})`, [
          from,
        ])
      }
      return blocked(
        `${known.summary}: ${identity.tenant} (AADSTS${code})${despite(settings, ['tenant', 'authority'])}`,
        [from, known.hint],
      )
    }
    const { issuer, token_endpoint: tokenEndpoint } = wire
    if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string' || !URL.canParse(tokenEndpoint)) {
      return blocked(`${host} answers with JSON that is no OpenID metadata`, [
        'check the authority: x5t config show',
        from,
      ])
    }
    const home = new URL(tokenEndpoint)
    if (home.host !== identity.authority.host) {
      return blocked(`tenant ${identity.tenant} is served by another cloud: ${home.host}, not ${host}`, [
        `use --authority ${home.origin}, or: x5t config set authority ${home.origin}`,
        from,
      ])
    }
    return { proof: `issuer ${plain(issuer)}`, facts: { tenantKnown: true } }
  },
})

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
