import { createClientAssertion } from '../assertion/client-assertion.ts'
import { createSingleFlight } from '../cache/single-flight.ts'
import { type Cached, createTokenCache } from '../cache/token-cache.ts'
import { askSource, currentOf } from '../credential/ask-source.ts'
import type { ClientCredential, CredentialSource } from '../credential/client-credential.ts'
import { TokenEndpointError, TransportError, X5tError } from '../errors.ts'
import { createExchange } from '../http/create-exchange.ts'
import { createSend, takeRequest } from '../http/create-fetch.ts'
import { createClock, createServerClock } from '../internal/clock.ts'
import { events } from '../internal/events.ts'
import { lazily } from '../internal/lazily.ts'
import type { StopSignal } from '../internal/stop.ts'
import type { AccessToken } from '../token/access-token.ts'
import { requestToken, type TimedTokenResponse } from '../token/endpoint.ts'
import type { AuthorizedFetch } from './authorized-fetch.ts'
import { type Endpoint, endpointsOf } from './endpoints.ts'
import { cacheKey, noTarget, storeKey } from './keys.ts'
import { assertClientOptions, type ClientOptions, type GetTokenOptions, type WantedToken } from './options.ts'
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

/** Callers that meet the same challenge share one answer; the same words later on ask anew. */
const challengeReuseMs = 30_000
/** Without `refresh_in`, a token is renewed after this share of its life. */
const refreshShare = 0.8
/** A fleet that started together renews within this share before the due time. */
const jitterShare = 0.1

/**
 * @throws ConfigurationError for a tenant or authority that cannot work.
 * @throws TypeError for options that no program means.
 */
export function createClient(given: ClientOptions): Client {
  assertClientOptions(given)
  const options = { ...given } // the caller may go on to change it, for the next client
  const { clientId, credential, sendCertificateChain, timeoutMs = 30_000, store } = options
  const own = endpointsOf(options)
  const exchange = createExchange(options)
  const clock = createClock(options.now)
  const serverClock = createServerClock(clock)
  const tooLate = (stop: StopSignal) => tookTooLong(own.scope.url, timeoutMs, stop)
  const loadShared =
    store &&
    lazily(async () => {
      const { createSharedTokens } = await import('../cache/shared-tokens.ts')
      return createSharedTokens({ store, clock, timeoutMs, credential: () => currentOf(credential) })
    })
  const peek =
    loadShared &&
    (async (wanted: WantedToken) => {
      const isKept = wanted.claims === undefined
      return isKept ? (await loadShared()).peek(storeKey(own, clientId, wanted), true) : undefined
    })
  const cache = createTokenCache({
    clock,
    acquire,
    peek,
    timeoutMs,
    tooLate,
    maxEntries: options.maxCachedTokens,
    onRefresh: ({ scope, resource, tenant }, failures, error) =>
      events.refresh.publish({ scope, resource, tenant: tenant ?? own.tenant, failures, error }),
  })
  const loadFetch = lazily(async () => {
    const { createAuthorizedFetch } = await import('./authorized-fetch.ts')
    const { fetch } = options
    if (fetch === undefined) return createAuthorizedFetch(tokenFor, createSend(options))
    const { givenSend } = await import('../http/fetch/given-send.ts')
    return createAuthorizedFetch(tokenFor, givenSend(fetch))
  })
  const askAlone = (_: string, wanted: WantedToken, signal: StopSignal) => ask({ ...wanted }, signal)
  const uncached = createSingleFlight({ clock, work: askAlone, timeoutMs, tooLate })
  /** Thumbprint of a certificate that Entra did not know when it was last tried. */
  let unknownYet: string | undefined
  /** What last got a token. Where a key is rotated twice before Entra knows the first, that is not the one before. */
  let accepted: ClientCredential | undefined

  /** The way of every hit: not async and without a copy, for it is on the path of each call an app makes. */
  function tokenFor(wanted: WantedToken): Promise<AccessToken> {
    try {
      if (!wanted) throw noTarget() // as JavaScript may call it
      const { scope, resource, tenant, answersChallenges, claims } = wanted
      // What cacheKey says of the commonest case, without a call.
      const isOwn = resource === undefined && tenant === undefined && claims === undefined
      const isPlain = isOwn && !answersChallenges && typeof scope === 'string'
      const key = isPlain && scope.charCodeAt(0) > 0x20 ? scope : cacheKey(wanted, own.tenant, claims)
      return cache.get(key, wanted, wanted.signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async function acquire(
    wanted: WantedToken,
    signal: StopSignal,
    renews: boolean,
  ): Promise<Cached<AccessToken>> {
    const shared = await loadShared?.()
    if (shared !== undefined && wanted.claims === undefined)
      return shared.acquire(
        storeKey(own, clientId, wanted),
        async (asking) => timed(await ask(wanted, asking)),
        signal,
        renews,
      )
    const response = await ask(wanted, signal)
    const cached = timed(response)
    if (wanted.claims === undefined) return cached
    cache.set(cacheKey(wanted, own.tenant, undefined), cached)
    shared?.keep(storeKey(own, clientId, wanted), cached)
    return { ...cached, expiresAt: Math.min(cached.expiresAt, response.sentAt + challengeReuseMs) }
  }

  /** A new certificate that Entra does not know yet must not fail a caller while the one before it still serves. */
  async function ask(wanted: WantedToken, signal: StopSignal): Promise<TimedTokenResponse> {
    const { tenant, ...endpoints } = wanted.tenant === undefined ? own : endpointsOf(options, wanted.tenant)
    const endpoint = wanted.scope === undefined ? endpoints.resource : endpoints.scope
    const question = { wanted, tenant, endpoint, signal }
    const isSource = 'current' in credential
    const fromSource = async (source: CredentialSource) => {
      signal.waitsFor = 'the source of the credential'
      try {
        return await askSource(source)
      } finally {
        signal.waitsFor = undefined
      }
    }
    const { current, previous } = isSource
      ? await fromSource(credential)
      : { current: credential, previous: undefined }
    const isAccepted = accepted?.certificate.thumbprintSha256 === current.certificate.thumbprintSha256
    const before = (isAccepted ? undefined : accepted) ?? previous
    for (let using = current, wasReplaced = false; ; wasReplaced = true) {
      try {
        return await askWith(using, question)
      } catch (error) {
        if (!isSource || !isKeyUnknown(error)) throw error
        const { thumbprintSha256 } = using.certificate
        const newest = await fromSource(credential).catch(() => ({ current: using })) // there is nothing newer now
        if (!wasReplaced && newest.current.certificate.thumbprintSha256 !== thumbprintSha256) {
          // Replaced since, as in the pause before another try; the one before may be gone.
          using = newest.current
          continue
        }
        if (before === undefined) throw error
        unknownYet = thumbprintSha256
        events.adoption.publish({ outcome: 'waiting', thumbprintSha256 })
        return await askWith(before, question).catch((second: unknown) => {
          throw isKeyUnknown(second) ? error : second
        })
      }
    }
  }

  async function askWith(using: ClientCredential, question: Question): Promise<TimedTokenResponse> {
    const { wanted, tenant, endpoint, signal } = question
    const { claims: challenge, answersChallenges = false } = wanted
    const { algorithm = tenant === 'adfs' ? 'RS256' : undefined } = options
    const asksClaims = challenge !== undefined || answersChallenges
    const claims = asksClaims
      ? (await import('./claims.ts')).claimsParameter(challenge, answersChallenges)
      : undefined
    const { audience } = endpoint
    const assertion = { credential: using, clientId, audience, algorithm, sendCertificateChain }
    const response = await requestToken({
      endpoint,
      async form(now) {
        signal.waitsFor = 'the signer'
        try {
          return new URLSearchParams({
            client_id: clientId,
            ...(wanted.scope === undefined ? { resource: wanted.resource } : { scope: wanted.scope }),
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: await createClientAssertion({ ...assertion, now }),
            ...(claims !== undefined && { claims }),
          })
        } finally {
          signal.waitsFor = undefined
        }
      },
      exchange,
      clock,
      serverClock,
      async loadExplain() {
        const { explainRefusal } = await import('./explain-refusal.ts')
        const { certificate } = using
        return (codes) => explainRefusal(codes, { clientId, tenant, certificate, now: serverClock.now() })
      },
      signal,
    })
    accepted = using
    const { thumbprintSha256 } = using.certificate
    if (unknownYet === thumbprintSha256) {
      unknownYet = undefined
      events.adoption.publish({ outcome: 'adopted', thumbprintSha256 })
    }
    return response
  }

  /** Lifetimes count from sending, on the steady clock; what people see is the same instant on the wall clock. */
  function timed(response: TimedTokenResponse): Cached<AccessToken> {
    const { accessToken, tokenType, sentAt, lifetimeSeconds } = response
    const { refreshInSeconds = lifetimeSeconds * refreshShare } = response
    const lifetimeMs = lifetimeSeconds * 1_000
    const refreshMs = refreshInSeconds * 1_000 * (1 - Math.random() * jitterShare)
    const sentOnWall = clock.wall() - (clock.steady() - sentAt)
    const expiresAt = Math.floor(sentOnWall + lifetimeMs)
    const refreshAt = Math.floor(sentOnWall + refreshMs)
    const value = Object.freeze({ accessToken, tokenType, expiresAt, refreshAt })
    return { value, expiresAt: sentAt + lifetimeMs, refreshAt: sentAt + refreshMs }
  }

  return {
    getToken: tokenFor,
    getTokenResponse: async (request) => {
      if (!request) throw noTarget()
      const key = cacheKey(request, own.tenant, request.claims)
      request.signal?.throwIfAborted()
      const { wire } = await uncached.join(key, request, request.signal)
      return { ...wire }
    },
    fetch: async (input, init) => {
      const taken = takeRequest(input, init ?? {}) // a copy, which is given the token
      const scope = init?.scope
      return (await loadFetch())(taken, scope)
    },
    credential: createTokenCredential(tokenFor),
  }
}

interface Question {
  readonly wanted: WantedToken
  readonly tenant: string
  readonly endpoint: Endpoint
  readonly signal: StopSignal
}

/** Entra: AADSTS700027, the certificate is not registered. One of two numbers that steer (errors.ts). */
function isKeyUnknown(error: unknown): boolean {
  return error instanceof TokenEndpointError && error.errorCodes.includes(700027)
}

/** With what went wrong in the tries before the last, if there were any. */
function tookTooLong(url: string, ms: number, { failure, waitsFor }: StopSignal): TransportError {
  const cause = failure?.error
  const why = waitsFor === undefined ? '' : `: ${waitsFor} has not answered`
  const message = `no token from ${new URL(url).host} within ${ms / 1_000} s${why}`
  if (!(cause instanceof X5tError)) return new TransportError('ERR_TIMEOUT', message)
  return new TransportError('ERR_TIMEOUT', `${message}; before: ${cause.message}`, {
    cause,
    hint: cause.hint,
  })
}
