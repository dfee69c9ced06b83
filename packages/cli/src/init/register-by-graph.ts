import type { Certificate } from 'x5t'
import { CliError } from '../cli-error.ts'
import { plain } from '../plain.ts'
import { readUpTo } from '../read-up-to.ts'

/** Where Microsoft Graph of a cloud is, by the host that issues its tokens. */
const graphs: Readonly<Record<string, string>> = {
  'login.microsoftonline.com': 'https://graph.microsoft.com',
  'login.microsoftonline.us': 'https://graph.microsoft.us',
  'login.partner.microsoftonline.cn': 'https://microsoftgraph.chinacloudapi.cn',
}

/** The Graph beside an authority; of any other host it is its own, as an emulator's is. */
export function graphOf({ hostname, origin }: URL): string {
  return graphs[hostname] ?? origin
}

interface Registration {
  readonly graph: string
  readonly clientId: string
  /** Of an administrator, or of whoever may write the application. Never shown. */
  readonly adminToken: string
  readonly certificate: Certificate
  readonly fetch: typeof globalThis.fetch
}

/** As Graph writes it; members that are not named here go back as they came. */
type KeyCredential = Readonly<Record<string, unknown>>

/**
 * Adds the certificate to those of the application: reads them, writes them back with one more, reads again. Entra:
 * what a PATCH leaves out is deleted, so that every entry goes back as it was read.
 *
 * @returns The key id of the certificate, new or already there.
 * @throws CliError `ERR_GRAPH_REFUSED`, or `ERR_NO_ANSWER`
 */
export async function registerByGraph(registration: Registration): Promise<string> {
  const { graph, clientId, certificate } = registration
  const address = `${graph}/v1.0/applications(appId='${encodeURIComponent(clientId)}')?$select=id,keyCredentials`
  const read = async () => readApplication(await send(registration, 'GET', address))
  const before = await read()
  const known = before.keyCredentials.find((one) => isOf(one, certificate))
  if (known !== undefined) return String(known.keyId)

  const added = {
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: Buffer.from(certificate.der).toString('base64'),
    displayName: certificate.subject.slice(0, 90),
  }
  const keyCredentials = [...before.keyCredentials, added]
  await send(registration, 'PATCH', `${graph}/v1.0/applications/${encodeURIComponent(before.id)}`, {
    keyCredentials,
  })

  const after = await read()
  const lost = before.keyCredentials.filter(
    ({ keyId }) => !after.keyCredentials.some((one) => one.keyId === keyId),
  )
  if (lost.length > 0) {
    throw new CliError(
      'ERR_GRAPH_REFUSED',
      `key ${lost.map(({ keyId }) => keyId).join(', ')} is gone after the change`,
      {
        hints: [
          'somebody else changed the application at the same time; look at its certificates in the portal',
        ],
      },
    )
  }
  const registered = after.keyCredentials.find((one) => isOf(one, certificate))
  if (registered !== undefined) return String(registered.keyId)
  throw new CliError('ERR_GRAPH_REFUSED', 'Graph took the certificate and does not list it', {
    hints: ['look at the certificates of the app in the portal before trying again'],
  })
}

/** Entra: `key` is there for one object that is selected; the identifier is the SHA-1 thumbprint, hex or base64. */
function isOf({ key, customKeyIdentifier }: KeyCredential, certificate: Certificate): boolean {
  if (typeof key === 'string') return Buffer.from(key, 'base64').equals(certificate.der)
  if (typeof customKeyIdentifier !== 'string') return false
  const hex = certificate.thumbprintSha1Hex
  return (
    customKeyIdentifier.toUpperCase() === hex ||
    Buffer.from(customKeyIdentifier, 'base64').toString('hex').toUpperCase() === hex
  )
}

function readApplication(answer: Readonly<Record<string, unknown>>) {
  const { id, keyCredentials } = answer
  if (typeof id === 'string' && Array.isArray(keyCredentials) && keyCredentials.every(isObject)) {
    return { id, keyCredentials: keyCredentials as readonly KeyCredential[] } // every one was looked at
  }
  throw new CliError('ERR_GRAPH_REFUSED', 'Graph answered, and not with an application')
}

/** An application with all the certificates it can have is below 1 MiB. */
const maxAnswerBytes = 4 * 1_024 * 1_024

async function send(
  { adminToken, fetch, graph }: Registration,
  method: 'GET' | 'PATCH',
  address: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { host } = new URL(graph)
  const headers = { authorization: `Bearer ${adminToken}`, accept: 'application/json' }
  const init = {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  } as const
  const response = await fetch(address, init).catch((cause: unknown) => {
    throw new CliError('ERR_NO_ANSWER', `no answer from ${host}`, { cause })
  })
  const { bytes, whole } = await readUpTo(response.body, maxAnswerBytes).catch((cause: unknown) => {
    throw new CliError('ERR_NO_ANSWER', `the answer of ${host} broke off`, { cause })
  })
  if (!whole) throw new CliError('ERR_GRAPH_REFUSED', `the answer of ${host} is longer than 4 MiB`)
  const answer = parse(bytes.toString('utf8'))
  if (response.status < 300) return answer
  throw refusal(response.status, host, answer)
}

function refusal(status: number, host: string, { error }: Readonly<Record<string, unknown>>): CliError {
  const said = isObject(error) ? plain(`${error.code}: ${error.message}`).slice(0, 300) : 'no reason'
  const hint = {
    401: 'the admin token is expired, or not for Graph: az account get-access-token --resource-type ms-graph',
    403: 'its holder must own the app, or may Application.ReadWrite.All',
    404: 'check --client-id and the tenant of the admin token',
  }[status]
  return new CliError('ERR_GRAPH_REFUSED', `${host} refused with ${status} (${said})`, {
    hints: hint === undefined ? [] : [hint],
  })
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
