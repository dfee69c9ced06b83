import { createClientAssertion } from '../assertion/client-assertion.ts'
import { type Cached, createTokenCache } from '../cache/token-cache.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import { adviseOn } from '../entra/aadsts.ts'
import { assertionAudience, parseAuthority, parseTokenEndpoint, tokenEndpoint } from '../entra/authority.ts'
import { TokenEndpointError, TransportError } from '../errors.ts'
import { createExchange } from '../http/create-exchange.ts'
import { type Clock, createClock, createServerClock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { requestToken, type TimedTokenResponse } from '../token/endpoint.ts'
import { type AuthorizedFetch, createAuthorizedFetch } from './authorized-fetch.ts'
import { claimsParameter } from './claims.ts'
import type { AccessToken, ClientOptions, GetTokenOptions } from './options.ts'
import { createTokenCredential, type TokenCredential } from './token-credential.ts'

/** Gets app-only access tokens for one app registration and keeps them fresh. */
export interface Client {
  /**
   * A token that lives: from memory, or from the service. One request serves all who ask at the same time, and a
   * token past its `refreshAt` is renewed behind the caller.
   *
   * @throws TokenEndpointError when the service refuses, TransportError when it does not answer,
   * ConfigurationError or CertificateError when nothing could be sent.
   */
  getToken(options: GetTokenOptions): Promise<AccessToken>
  /** Asks the service, always, and returns its answer member by member as it came. For diagnosis; keep no copy. */
  getTokenResponse(options: GetTokenOptions): Promise<Readonly<Record<string, unknown>>>
  /** `fetch` with a token for the address attached; answers a claims challenge once. */
  readonly fetch: AuthorizedFetch
  /** The same tokens for every Azure SDK: a TokenCredential as `@azure/core-auth` defines it. */
  readonly credential: TokenCredential
}

/** One token to ask for: everything that could change the answer. */
interface Wanted {
  /** `scope` asks the v2 endpoint, `resource` the v1 endpoint. */
  readonly field: 'scope' | 'resource'
  readonly value: string
  /** Another tenant than the client's own. */
  readonly tenant: string | undefined
  /** Claims of a challenge, JSON text. */
  readonly challenge: string | undefined
  /** The caller answers claims challenges, so the service may issue tokens that can be revoked. */
  readonly answersChallenges: boolean
}

/** Callers that meet the same challenge share one answer; the same words later on ask anew. */
const challengeReuseMs = 30_000
/** Without `refresh_in`, a token is renewed after this share of its life. */
const refreshShare = 0.8
/** A fleet that started together renews within this share before the due time. */
const jitterShare = 0.1

/** @throws ConfigurationError for a tenant or authority that cannot work. */
export function createClient(options: ClientOptions): Client {
  const { clientId, timeoutMs = 30_000, maxCachedTokens } = options
  if (typeof clientId !== 'string' || clientId === '')
    throw new TypeError('clientId must be a non-empty string')
  const source = toSource(options.credential)
  const clock = createClock(options.now)
  const serverClock = createServerClock(clock)
  const exchange = createExchange(options)
  const cache = createTokenCache<AccessToken>({ clock, maxEntries: maxCachedTokens })
  const endpointOf = endpoints(options)

  /** The way of every hit: not async and without a copy, for it is on the path of each call an app makes. */
  function tokenFor(request: GetTokenOptions, answersChallenges: boolean): Promise<AccessToken> {
    try {
      const want = wanted(request, answersChallenges)
      return cache.get(cacheKey(want, want.challenge), (signal) => acquire(want, signal), request.signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  function wanted({ scope, resource, claims, tenant }: GetTokenOptions, answersChallenges: boolean): Wanted {
    const value = scope ?? resource
    if (typeof value !== 'string' || !/^\S/.test(value) || (scope !== undefined && resource !== undefined)) {
      throw new TypeError(
        'getToken needs a scope or a resource, a string that begins with no space, and not both',
      )
    }
    const field = scope === undefined ? 'resource' : 'scope'
    return { field, value, tenant, challenge: claims, answersChallenges }
  }

  async function acquire(want: Wanted, signal: AbortSignal): Promise<Cached<AccessToken>> {
    const response = await ask(want, signal)
    const cached = timed(response, clock)
    if (want.challenge === undefined) return cached
    cache.set(cacheKey(want, undefined), cached)
    return { ...cached, expiresAt: Math.min(cached.expiresAt, response.sentAt + challengeReuseMs) }
  }

  /** A new certificate that Entra does not know yet must not fail a caller while the one before it still serves. */
  async function ask(want: Wanted, signal: AbortSignal): Promise<TimedTokenResponse> {
    const credential = await source.current()
    const previous = source.previous?.()
    try {
      return await askWith(credential, want, signal)
    } catch (error) {
      if (previous === undefined || !isKeyUnknown(error)) throw error
      events.adoption.publish({
        outcome: 'waiting',
        thumbprintSha256: credential.certificate.thumbprintSha256,
      })
      return await askWith(previous, want, signal)
    }
  }

  async function askWith(
    credential: ClientCredential,
    want: Wanted,
    signal: AbortSignal,
  ): Promise<TimedTokenResponse> {
    const { url, tenant } = endpointOf(want)
    const audience = assertionAudience(url)
    const { algorithm = tenant === 'adfs' ? 'RS256' : undefined, sendCertificateChain } = options
    const claims = claimsParameter(want.challenge, want.answersChallenges)
    const deadline = clock.steady() + timeoutMs
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(tookTooLong(url, timeoutMs)), timeoutMs)

    const form = async (now: number) =>
      new URLSearchParams({
        client_id: clientId,
        [want.field]: want.value,
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await createClientAssertion({
          credential,
          clientId,
          audience,
          algorithm,
          sendCertificateChain,
          now,
        }),
        ...(claims !== undefined && { claims }),
      })
    const explain = (codes: readonly number[]) =>
      adviseOn(codes, { clientId, tenant, ...credential.certificate })
    try {
      const both = AbortSignal.any([signal, late.signal])
      return await requestToken({
        endpoint: url,
        form,
        exchange,
        clock,
        serverClock,
        explain,
        signal: both,
        deadline,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    getToken: (request) => tokenFor(request, false),
    getTokenResponse: async (request) =>
      (await ask(wanted(request, false), request.signal ?? new AbortController().signal)).wire,
    fetch: createAuthorizedFetch(tokenFor, options.fetch),
    credential: createTokenCredential(tokenFor),
  }
}

/**
 * Names one cached token. The certificate is not part of it: a token outlives the rotation of the key that asked
 * for it. Neither is what one client has once: its id and its authority.
 *
 * The plain case is the scope itself, so that a hit builds no string; every other key begins with a space, and no
 * scope does.
 */
function cacheKey(
  { field, value, tenant, answersChallenges }: Wanted,
  challenge: string | undefined,
): string {
  if (field === 'scope' && tenant === undefined && !answersChallenges && challenge === undefined) return value
  const base = ` ${tenant ?? ''} ${field} ${answersChallenges} ${value}`
  return challenge === undefined ? base : ` ${value.length}${base} ${challenge}`
}

/** Lifetimes count from sending, on the steady clock; what people see is the same instant on the wall clock. */
function timed(
  { accessToken, tokenType, sentAt, ...response }: TimedTokenResponse,
  clock: Clock,
): Cached<AccessToken> {
  const lifetimeMs = response.lifetimeSeconds * 1_000
  const dueMs =
    response.refreshInSeconds === undefined ? lifetimeMs * refreshShare : response.refreshInSeconds * 1_000
  const refreshMs = dueMs * (1 - Math.random() * jitterShare)
  const sentOnWall = clock.wall() - (clock.steady() - sentAt)
  const value = Object.freeze({
    accessToken,
    tokenType,
    expiresAt: Math.floor(sentOnWall + lifetimeMs),
    refreshAt: Math.floor(sentOnWall + refreshMs),
  })
  return { value, expiresAt: sentAt + lifetimeMs, refreshAt: sentAt + refreshMs }
}

/** Where a token is asked for. Checks the client's own authority once, another tenant each time. */
function endpoints(options: ClientOptions): (want: Wanted) => { url: string; tenant: string } {
  if ('tokenEndpoint' in options) {
    const url = parseTokenEndpoint(options)
    return () => ({ url, tenant: '' })
  }
  const own = parseAuthority(options)
  return ({ field, tenant }) => {
    const authority = tenant === undefined ? own : parseAuthority({ ...options, tenant })
    return { url: tokenEndpoint(authority, field === 'scope' ? '2.0' : '1.0'), tenant: authority.tenant }
  }
}

function toSource(credential: ClientCredential | CredentialSource): CredentialSource {
  if ('current' in credential) return credential
  if (credential.certificate && credential.signer) return { current: async () => credential }
  throw new TypeError('credential must be { certificate, signer } or a source of it; see loadCredential')
}

/** Entra: AADSTS700027, the certificate is not registered. One of two numbers that steer (errors.ts). */
function isKeyUnknown(error: unknown): boolean {
  return error instanceof TokenEndpointError && error.errorCodes.includes(700027)
}

function tookTooLong(url: string, ms: number): TransportError {
  return new TransportError('ERR_TIMEOUT', `no token from ${new URL(url).host} within ${ms / 1_000} s`)
}
