import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { isIssuerUnknown } from 'x5t'
import { readCa } from '../../client.ts'
import { caHint } from '../../emulator/ca-hint.ts'
import { openConnection, startTls } from '../../network/connect.ts'
import { reasonOf } from '../../network/reason.ts'
import type { Route } from '../../network/route.ts'
import { trustWith } from '../../network/trust.ts'
import { plain } from '../../plain.ts'
import { isLoopback } from '../../token-url.ts'
import { blocked, defineCheck, type Facts, type Finding } from '../check.ts'
import { wordsOf } from '../error-words.ts'
import { timeoutMs } from '../limits.ts'

export const tls = defineCheck({
  name: 'TLS',
  proves: 'the server is who it says: a trusted CA issued its certificate',
  needs: ['settings', 'route', 'connected'],
  waits: true,
  async run({ settings, route }, { io }): Promise<Finding> {
    if (!route.secure) return { proof: 'plain http to loopback', facts: { trusted: true } }
    const mend = caHint(route.url, settings, io)
    let secureContext: ReturnType<typeof trustWith>
    try {
      secureContext = trustWith(readCa(settings), io.env.NODE_EXTRA_CA_CERTS)
    } catch (error) {
      const { message, hints } = wordsOf(error)
      return blocked(message, mend === undefined ? hints : [mend])
    }
    let socket: TLSSocket
    try {
      socket = await startTls(await openConnection(route, { timeoutMs }), route, { timeoutMs, secureContext })
    } catch (error) {
      const { reason } = reasonOf(error)
      return blocked(`${route.host}:${route.port} does not complete a TLS handshake: ${reason}`, [
        'check that the address is an https one, and whether something stands in between',
      ])
    }
    try {
      return judge(socket, route, settings, mend)
    } finally {
      socket.destroy()
    }
  },
})

function judge(
  socket: TLSSocket,
  route: Route,
  settings: Facts['settings'],
  mend: string | undefined,
): Finding {
  const chain = chainOf(socket.getPeerCertificate(true))
  const root = nameOf(chain.at(-1)?.issuer)
  const proof = `${socket.getProtocol()}, certificate of ${nameOf(chain[0]?.subject)} issued by ${nameOf(chain[0]?.issuer)}, CA ${root}`
  // Node's types say Error; it is the code of OpenSSL.
  const reason = String(
    (socket.authorizationError as unknown as { code?: string } | undefined)?.code ??
      socket.authorizationError ??
      '',
  )
  if (socket.authorized) return { proof, facts: { trusted: true } }
  return blocked(...distrust(reason, root, route, settings, mend), proof)
}

/** Four causes, four remedies: another name, dates, an unknown CA, and what no CA mends. */
function distrust(
  reason: string,
  root: string,
  { host, url }: Route,
  { values: { ca } }: Facts['settings'],
  mend: string | undefined,
): [message: string, hints: string[]] {
  if (reason.includes('ALTNAME')) {
    return [
      `the TLS certificate at ${host} is for another name`,
      ['check the authority; a proxy or a login page of the network may answer in its place'],
    ]
  }
  if (reason === 'CERT_HAS_EXPIRED' || reason === 'CERT_NOT_YET_VALID') {
    return [
      `the TLS certificate of ${host} is outside its dates (${reason})`,
      ['check the clock of this machine first: it decides what is expired', 'else tell who runs the server'],
    ]
  }
  if (!isIssuerUnknown(reason)) {
    const unfit = reason === 'INVALID_PURPOSE' ? 'is not meant for servers' : 'is refused'
    return [
      `the TLS certificate of ${host} ${unfit} (${reason}), and trusting a CA does not mend that`,
      ['tell who runs the server', `a proxy of the network may answer in its place; the CA is ${root}`],
    ]
  }
  const trust = `trust its CA: --ca FILE, or NODE_EXTRA_CA_CERTS=FILE in the environment`
  const namesake =
    reason === 'CERT_SIGNATURE_FAILURE'
      ? ['another of the same name is trusted, and comes first: put its CA in the place of that one']
      : []
  if (isLoopback(url)) {
    return [
      `the TLS certificate of ${host} is not trusted: its CA is ${root} (${reason})`,
      [
        mend ?? 'x5t emulator prints where its CA is',
        trust,
        ...namesake,
        ...(ca === undefined ? [] : [`now trusted besides: ${ca.value} (${ca.from})`]),
      ],
    ]
  }
  return [
    `TLS to ${host} is intercepted, or its CA is a private one: ${root} is not trusted here (${reason})`,
    [trust, ...namesake, `get the PEM of "${root}" from who runs the network of this machine`],
  ]
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = []
  for (let next = leaf; next?.raw !== undefined && !chain.includes(next); next = next.issuerCertificate)
    chain.push(next)
  return chain
}

function nameOf(name: { readonly CN?: unknown; readonly O?: unknown } | undefined): string {
  const parts = [name?.CN, name?.O].filter((part) => typeof part === 'string' && part !== '')
  return plain(parts.join(', ')).slice(0, 100) || 'unknown'
}
