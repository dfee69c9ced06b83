import { createClientAssertion } from '../assertion/client-assertion.ts'
import { type Cached, createTokenCache } from '../cache/token-cache.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import { adviseOn } from '../entra/aadsts.ts'
import {
  type Authority,
  assertionAudience,
  type EndpointVersion,
  parseAuthority,
  parseTokenEndpoint,
  tokenEndpoint,
} from '../entra/authority.ts'
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
  readonly endpoint: Endpoint
  readonly target: readonly ['scope' | 'resource', string]
  /** Claims of a challenge, JSON text. */
  readonly challenge: string | undefined
  /** The caller answers claims challenges, so the service may issue tokens that can be revoked. */
  readonly answersChallenges: boolean
}

interface Endpoint {
  readonly url: string
  readonly audience: string
  readonly tenant: string
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

  async function tokenFor(request: GetTokenOptions, answersChallenges: boolean): Promise<AccessToken> {
    const want = wanted(request, answersChallenges)
    return cache.get(cacheKey(want, want.challenge), (signal) => acquire(want, signal), request.signal)
  }

  function wanted({ scope, resource, claims, tenant }: GetTokenOptions, answersChallenges: boolean): Wanted {
    if ((scope === undefined) === (resource === undefined)) {
      throw new TypeError('getToken needs a scope or a resource, and not both')
    }
    const target = scope === undefined ? (['resource', resource] as const) : (['scope', scope] as const)
    if (typeof target[1] !== 'string' || target[1] === '')
      throw new TypeError(`${target[0]} must be a non-empty string`)
    const endpoint = endpointOf(scope === undefined ? '1.0' : '2.0', tenant)
    return { endpoint, target, challenge: claims, answersChallenges }
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
    const { url, audience, tenant } = want.endpoint
    const { algorithm = tenant === 'adfs' ? 'RS256' : undefined, sendCertificateChain } = options
    const claims = claimsParameter(want.challenge, want.answersChallenges)
    const deadline = clock.steady() + timeoutMs
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(tookTooLong(url, timeoutMs)), timeoutMs)

    const form = async (now: number) =>
      new URLSearchParams({
        client_id: clientId,
        [want.target[0]]: want.target[1],
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
 * for it. Neither is the client id: a cache belongs to one client.
 */
function cacheKey({ endpoint, target, answersChallenges }: Wanted, challenge: string | undefined): string {
  return `${endpoint.url}\n${target[0]}\n${target[1]}\n${answersChallenges}\n${challenge ?? ''}`
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

/** Endpoints of the client's own tenant are derived once. */
function endpoints(
  options: ClientOptions,
): (version: EndpointVersion, tenant: string | undefined) => Endpoint {
  if ('tokenEndpoint' in options) {
    const fixed = endpointAt(parseTokenEndpoint(options), '')
    return () => fixed
  }
  const of = (authority: Authority, version: EndpointVersion) =>
    endpointAt(tokenEndpoint(authority, version), authority.tenant)
  const own = parseAuthority(options)
  const v1 = of(own, '1.0')
  const v2 = of(own, '2.0')
  return (version, tenant) => {
    if (tenant === undefined) return version === '1.0' ? v1 : v2
    return of(parseAuthority({ ...options, tenant }), version)
  }
}

const endpointAt = (url: string, tenant: string): Endpoint => ({
  url,
  audience: assertionAudience(url),
  tenant,
})

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
