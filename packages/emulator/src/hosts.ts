/** Names of this machine that reach the emulator. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** Entra: the public cloud's login hosts, aliases of one another. They reach the emulator where they are mapped to it. */
export const publicLoginHosts: readonly string[] = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
]

export const graphHost = 'graph.microsoft.com'

/** All others are refused, whatever their port: a web page must not reach the emulator through a name of its own. */
const allowed: ReadonlySet<string> = new Set([...loopbackHosts, ...publicLoginHosts, graphHost])

/**
 * @param authority - Host with or without port, as in a `Host` header.
 * @param listening - The address that is listened on: it is a name of the emulator too.
 */
export function isAllowedHost(authority: string, listening: string): boolean {
  const name = authority.toLowerCase().replace(/:\d+$/, '')
  return allowed.has(name) || name === (listening.includes(':') ? `[${listening}]` : listening)
}
