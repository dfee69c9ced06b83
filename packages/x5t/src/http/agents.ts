import { type Agent, type ClientRequest, Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { type Environment, type ProxyFor, proxyFromEnvironment } from './environment.ts'
import { kept } from './limits.ts'
import { trusting } from './trust.ts'

export interface AgentsOptions {
  /** CA certificates to trust besides the usual ones, PEM. */
  readonly ca?: string | readonly string[] | undefined
  readonly environment?: Environment | undefined
  /** Default: as the environment says. `false`: never. */
  readonly proxyFor?: ProxyFor | false | undefined
  /** Longest time for a proxy to open a tunnel, milliseconds. */
  readonly connectMs: number
}

/** Where connections are kept alive for the next request; idle ones keep no process alive. */
export interface Agents {
  readonly secure: Agent
  readonly plain: Agent
  /** For an address that is reached through a proxy; loads the code for tunnels with the first of them. */
  readonly tunnelFor: ((url: URL) => Promise<Agent> | undefined) | undefined
}

export function createAgents({ ca, environment, connectMs, ...options }: AgentsOptions): Agents {
  const { proxyFor = proxyFromEnvironment(environment) } = options
  const trust = trusting(ca, environment)
  const tunnels = new Map<string, Agent>()

  async function tunnelTo(proxy: URL): Promise<Agent> {
    const { tunnelAgent } = await import('./tunnel.ts')
    const agent = tunnels.get(proxy.href) ?? tunnelAgent(proxy, { ...trust, timeout: connectMs })
    tunnels.set(proxy.href, agent)
    return agent
  }

  return {
    secure: new TlsAgent({ ...kept, ...trust }),
    plain: new PlainAgent(kept),
    tunnelFor: proxyFor
      ? (url) => {
          const proxy = proxyFor(url)
          return proxy && tunnelTo(proxy)
        }
      : undefined,
  }
}

/** Node reports a kept-alive connection that the server has closed as a reset of the request that found out. */
export function isStale(outgoing: ClientRequest, error: Error): boolean {
  return outgoing.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Where one idle connection is dead the others mostly are too; the next request begins a fresh one. */
export function dropIdle({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}
