import type { AccessToken, Client } from 'x5t'
import { CliError } from '../cli-error.ts'
import { type ClientSeams, clientOf, readCa } from '../client.ts'
import type { Context } from '../command.ts'
import { identityOf } from '../config/identity.ts'
import { openCredential } from '../config/open-credential.ts'
import type { Settings } from '../config/resolve-settings.ts'
import type { ExitCode } from '../exit-code.ts'
import { hintForEmulator } from '../hint-for-emulator.ts'
import type { KeyTextValues } from '../key-text.ts'
import { routeTo } from '../network/route.ts'
import type { PassphraseValues } from '../passphrase.ts'
import { openRememberedTokens, type RememberValues, renewalMs } from '../remembered-tokens.ts'
import { isLoopback } from '../token-url.ts'
import { createByteWriter } from './byte-writer.ts'
import { openOutputFile } from './output-file.ts'
import { requestBody } from './request-body.ts'
import type { Call, Senders } from './send.ts'
import { writeItems } from './write-items.ts'
import { writeResponse } from './write-response.ts'

export interface CallRequest extends KeyTextValues, PassphraseValues, RememberValues {
  readonly url: URL
  readonly method: string | undefined
  readonly header: readonly string[]
  readonly data: string | undefined
  readonly paginate: boolean
  readonly 'max-pages': number
  readonly output: 'raw' | 'json' | 'lines'
  readonly include: boolean
  readonly scope: string | undefined
  readonly profile: string | undefined
  /** Where the body goes; undefined for standard output. */
  readonly path: string | undefined
  /** Said in words: binary goes there too. */
  readonly toStdout: boolean
  readonly replace: boolean
}

export async function makeCall(
  request: CallRequest,
  settings: Settings,
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const stop = new AbortController()
  let ended: ExitCode | undefined
  if (request.path !== undefined) {
    // Without a file a signal ends the process as always, also while nobody reads what was written.
    io.untilStopped().then((signal) => {
      ended = signal === 'SIGINT' ? 130 : 143
      stop.abort()
    })
  }
  try {
    return await perform(request, settings, stop.signal, context)
  } catch (error) {
    // What the work died of is the interruption; no half of a file has stayed behind.
    if (ended !== undefined) return ended
    throw error
  }
}

async function perform(
  request: CallRequest,
  settings: Settings,
  signal: AbortSignal,
  context: Context,
): Promise<ExitCode> {
  const { io, terminal } = context
  const { path, replace } = request
  const scope = await scopeFor(request, settings)
  await routeTo(request.url, io.env) // a proxy that is none stops here, in its own words
  const credential = await openCredential(settings, request, context)
  const { createFetch } = await import('x5t')
  const bare = createFetch({ ca: readCa(settings), environment: io.env })
  const remembered = await openRememberedTokens(request, context)
  const { store, renewing } = remembered
  const wanted = { scope: scope.value, answersChallenges: true }
  const kept = await remembered.peek({ ...identityOf(settings), credential }, wanted)
  const due = kept !== undefined && io.now() >= kept.refreshAt ? kept : undefined
  const open = async (seams: ClientSeams) =>
    (await clientOf(settings, credential, { ...seams, fetch: bare })).client
  /** None while the token that is due serves. */
  let client = due === undefined ? await open({ store }) : undefined
  if (due !== undefined) renewBehind(await open({ store, timeoutMs: renewalMs }), scope.value)
  let renewed = false
  const senders: Senders = {
    async authorized(url, init) {
      if (client === undefined && due !== undefined && io.now() < due.expiresAt)
        return bare(url, withToken(due, init))
      client ??= await open({ store })
      return client.fetch(url, init)
    },
    async renew(isChallenge) {
      const isAnswered = isChallenge && client !== undefined
      if (renewed || isAnswered || !remembered.wasRead()) return false
      renewed = true
      client = await open({ store: renewing })
      return true
    },
    bare,
    terminal,
    pause: io.pause,
  }
  terminal.note(`token for ${scope.value} (${scope.from})`)

  const file = path === undefined ? undefined : await openOutputFile(path, replace)
  try {
    const writer = file ?? createByteWriter(io.stdout)
    const call = await callOf(request, scope, signal, context)
    const target = { writer, isFile: file !== undefined, ...request }
    if (request.paginate) await writeItems(call, senders, target, context)
    else await writeResponse(call, senders, target, context)
    await file?.keep()
    if (path !== undefined) terminal.note(`wrote ${path}`)
    return 0
  } catch (error) {
    throw hintForEmulator(error, settings, io)
  } finally {
    await file?.discard()
    await remembered.stop()
  }
}

/** This process ends no sooner than that. What fails here the next command tries again. */
function renewBehind(client: Client, scope: string): void {
  client.credential.getToken(scope, { enableCae: true }).catch(() => {})
}

function withToken({ accessToken }: AccessToken, init: RequestInit | undefined): RequestInit {
  const headers = new Headers(init?.headers)
  headers.set('authorization', `Bearer ${accessToken}`)
  return { ...init, headers }
}

/**
 * A loopback address says nothing about what a token should be for; the configuration may. A token of an emulator goes
 * to another host only where `--scope` says that it is meant.
 *
 * @throws CliError `ERR_CONFIG_INVALID`
 */
async function scopeFor(
  { url, scope }: CallRequest,
  { values }: Settings,
): Promise<{ value: string; from: string }> {
  if (scope !== undefined) return { value: scope, from: '--scope' }
  if (isLoopback(url) && values.scope !== undefined) return values.scope
  const { authority } = values
  if (!isLoopback(url) && authority !== undefined && isLoopback(new URL(authority.value))) {
    throw new CliError(
      'ERR_CONFIG_INVALID',
      `the token would be one of the emulator at ${authority.value} (${authority.from}), and ${url.hostname} is not of this machine`,
      {
        hints: [
          'for the real service name its profile: --profile NAME, made by x5t init --profile NAME',
          'for an API that trusts the emulator: --scope SCOPE',
        ],
      },
    )
  }
  const { scopeOf } = await import('x5t')
  return { value: scopeOf(url), from: `guessed from ${url.hostname}; --scope names another` }
}

async function callOf(
  { url, method, header, data, profile }: CallRequest,
  scope: { readonly value: string; readonly from: string },
  signal: AbortSignal,
  { io }: Context,
): Promise<Call> {
  const headers = new Headers({ accept: '*/*', 'accept-encoding': 'identity' }) // the answer is shown as it came
  const body = data === undefined ? undefined : await requestBody(data, io)
  if (body !== undefined) headers.set('content-type', body.contentType)
  if (body?.contentLength !== undefined) headers.set('content-length', String(body.contentLength))
  const named = header.map(
    (line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const,
  )
  for (const [name] of named) headers.delete(name)
  for (const [name, value] of named) headers.append(name, value)
  const verb = (method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase()
  return {
    url,
    method: verb,
    headers,
    scope: scope.value,
    scopeFrom: scope.from,
    profile,
    body: body?.make,
    signal,
  }
}
