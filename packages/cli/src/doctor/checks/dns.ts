import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { reasonOf } from '../../network/reason.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'

export const dns = defineCheck({
  name: 'DNS',
  proves: 'the name of the authority has an address',
  needs: ['settings', 'route'],
  waits: true,
  async run({ settings, route: { host, proxy } }): Promise<Finding> {
    if (proxy !== undefined) return { proof: 'the proxy resolves names', skipped: true }
    if (isIP(host) !== 0) return { proof: `${host} is an address`, facts: { resolved: true } }
    try {
      const addresses = await lookup(host, { all: true })
      return {
        proof: `${host} is ${addresses.map(({ address }) => address).join(', ')}`,
        facts: { resolved: true },
      }
    } catch (error) {
      const { authority } = settings.values
      return blocked(`${host} does not resolve: ${reasonOf(error).reason}`, [
        `check the spelling of the authority (${authority?.from ?? 'default'}) and the name server of this machine`,
        'where only a proxy reaches the outside: set HTTPS_PROXY',
      ])
    }
  },
})
