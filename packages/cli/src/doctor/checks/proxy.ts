import { lookup } from 'node:dns/promises'
import { dial, openConnection, ProxyRefusal } from '../../network/connect.ts'
import { reasonOf } from '../../network/reason.ts'
import { endOf, type Route, routeTo } from '../../network/route.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { wordsOf } from '../error-words.ts'
import { timeoutMs } from '../limits.ts'

export const proxy = defineCheck({
  name: 'proxy',
  proves: 'the way to the service: directly, or through a proxy that opens a tunnel',
  needs: ['identity'],
  waits: true,
  async run({ identity }, { io }): Promise<Finding> {
    let route: Route
    try {
      route = await routeTo(identity.authority, io.env)
    } catch (error) {
      const { message, hints } = wordsOf(error)
      return blocked(message, hints)
    }
    const variable = io.env.https_proxy ? 'https_proxy' : 'HTTPS_PROXY'
    if (route.proxy === undefined)
      return { proof: `none: ${variable} does not name one for this host`, facts: { route } }
    const { host, port } = endOf(route.proxy)
    const name = `the proxy ${host}:${port} of ${variable}`
    const direct = `or reach ${route.host} directly: NO_PROXY=${route.host}`
    try {
      await lookup(host)
      ;(await dial({ host, port }, { timeoutMs })).destroy()
    } catch (error) {
      const hints = [`check host and port in ${variable}`, direct]
      return blocked(`${name} cannot be reached: ${reasonOf(error).reason}`, hints)
    }
    try {
      ;(await openConnection(route, { timeoutMs })).destroy()
    } catch (error) {
      if (!(error instanceof ProxyRefusal)) {
        return blocked(`${name} opens no tunnel to ${route.host}:${route.port}: ${reasonOf(error).reason}`, [
          'check that it is an http proxy, and whether it speaks http or https',
          direct,
        ])
      }
      const hint =
        error.status === 407
          ? `name user and password in ${variable}: http://user:password@host:port`
          : 'ask who runs the proxy to allow this host'
      const message = `${name} answered ${error.status} to a tunnel to ${route.host}:${route.port}`
      return blocked(message, [hint, direct])
    }
    const facts = { route, resolved: true, connected: true } as const
    return { proof: `${host}:${port} opens a tunnel to ${route.host}:${route.port}`, facts }
  },
})
