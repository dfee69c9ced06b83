import { readCa } from '../client.ts'
import type { Settings } from '../config/resolve-settings.ts'
import type { Io } from '../io.ts'
import { openConnection, startTls } from './connect.ts'
import { type Answer, getOver } from './get.ts'
import { routeTo } from './route.ts'
import { trustWith } from './trust.ts'

/** One GET to a server that is who it says, through the proxy of the environment. @throws Node's error, or one about trust. */
export async function getSecured(
  url: URL,
  headers: Readonly<Record<string, string>>,
  settings: Settings,
  { env }: Pick<Io, 'env'>,
  timeoutMs: number,
): Promise<Answer> {
  const route = await routeTo(url, env)
  const connection = await openConnection(route, { timeoutMs })
  if (!route.secure) return getOver(connection, url, timeoutMs, headers)
  const secureContext = trustWith(readCa(settings), env.NODE_EXTRA_CA_CERTS)
  const secured = await startTls(connection, route, { timeoutMs, secureContext })
  if (secured.authorized) return getOver(secured, url, timeoutMs, headers)
  secured.destroy()
  throw new Error('its certificate is not trusted')
}
