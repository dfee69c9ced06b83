import { startCommand } from '../../emulator/start-command.ts'
import { dial } from '../../network/connect.ts'
import { reasonOf } from '../../network/reason.ts'
import { isLoopback } from '../../token-url.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { timeoutMs } from '../limits.ts'

export const connection = defineCheck({
  name: 'connection',
  proves: 'the port of the service can be reached',
  needs: ['route', 'resolved'],
  waits: true,
  async run({ route }): Promise<Finding> {
    const { host, port, proxy, url } = route
    if (proxy !== undefined) return { proof: 'through the proxy', skipped: true }
    try {
      ;(await dial(route, { timeoutMs })).destroy()
      return { proof: `${host}:${port} answers`, facts: { connected: true } }
    } catch (error) {
      return blocked(`nothing answers at ${host}:${port}: ${reasonOf(error).reason}`, [
        isLoopback(url)
          ? `start the emulator: ${startCommand(url)}`
          : 'check firewalls between here and the service',
        ...(isLoopback(url) ? [] : ['where only a proxy reaches the outside: set HTTPS_PROXY']),
      ])
    }
  },
})
