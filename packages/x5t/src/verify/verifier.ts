import type { IncomingMessage } from 'node:http'
import { createExchange } from '../http/create-exchange.ts'
import type { Exchange } from '../http/exchange.ts'
import { type Clock, createClock } from '../internal/clock.ts'
import { assertOptions } from './assert-options.ts'
import type { AccessTokenClaims, EntraClaims } from './claims.ts'
import { createEntraIssuers } from './entra-issuers.ts'
import { createKeySet } from './key-set.ts'
import { fetchKeys, fetchMetadata } from './metadata.ts'
import { type Authenticated, createAdmissions } from './middleware/admissions.ts'
import { type FastifyHook, fastifyHook } from './middleware/fastify.ts'
import { createGuard, type Guard } from './middleware/guard.ts'
import { type HonoMiddleware, honoMiddleware } from './middleware/hono.ts'
import {
  type ExpressMiddleware,
  expressMiddleware,
  type NodeHttpListener,
  nodeHttpListener,
} from './middleware/node-http.ts'
import type { EntraOptions, IssuerOptions, VerifierOptions } from './options.ts'
import { createOtherIssuer } from './other-issuer.ts'
import type { KeySetAt } from './trusted-issuer.ts'
import { createVerifyToken, type VerifiedToken } from './verify-token.ts'

export interface Verifier<Claims extends AccessTokenClaims = EntraClaims> {
  /**
   * @param options.signal - Ends this caller's wait for keys; others wait on.
   * @throws TokenValidationError when the token is refused; X5tError `ERR_METADATA_INVALID`,
   * `ERR_METADATA_REFUSED` or TransportError when no keys can be had to judge it by; the signal's reason.
   */
  verify(
    token: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<VerifiedToken<Claims>>
  /** Decides by an `Authorization` header; for servers that have no adapter here. */
  readonly guard: Guard<Claims>
  /** `app.use('/cars', verifier.express())`; leaves `request.auth`. */
  express(): ExpressMiddleware
  /** `app.addHook('onRequest', verifier.fastify())`; leaves `request.auth`. */
  fastify(): FastifyHook
  /** `app.use('/cars/*', verifier.hono())`; leaves `context.get('auth')`. */
  hono(): HonoMiddleware<Claims>
  /** `createServer(verifier.nodeHttp((request, response) => …))`; leaves `request.auth`. */
  nodeHttp(listener: NodeHttpListener<IncomingMessage & Authenticated<Claims>>): NodeHttpListener
  /**
   * The token that a request was let in with, typed; in Hono the request is `context.req.raw`.
   *
   * @throws TypeError when none of this verifier's middleware let it in.
   */
  tokenOf(request: object): VerifiedToken<Claims>
}

/**
 * Checks the access tokens that an API is called with: offline, but for the issuer's metadata and keys.
 *
 * @throws TypeError for options that contradict each other or leave a check out without saying so.
 * @throws ConfigurationError for a tenant or authority that cannot be.
 */
export function createVerifier(options: EntraOptions): Verifier
export function createVerifier(options: IssuerOptions): Verifier<AccessTokenClaims>
export function createVerifier(options: VerifierOptions): Verifier<AccessTokenClaims>
export function createVerifier(options: VerifierOptions): Verifier<AccessTokenClaims> {
  assertOptions(options)
  const { now, clockToleranceSeconds = 300, rememberTokens = 4_096 } = options
  const clock = createClock(now)
  const keySetAt = keySetsOver(createExchange(options), clock)
  const issuers =
    options.issuer === undefined
      ? createEntraIssuers(options, keySetAt)
      : createOtherIssuer(options, keySetAt)
  const verify = createVerifyToken({ ...issuers, clock, clockToleranceSeconds, rememberTokens })
  const guard = createGuard(verify, issuers.authorizationUri)
  const admissions = createAdmissions<AccessTokenClaims>()

  return {
    verify: (token, { signal } = {}) => verify(token, signal),
    guard,
    express: () => expressMiddleware(guard, admissions),
    fastify: () => fastifyHook(guard, admissions),
    hono: () => honoMiddleware(guard, admissions),
    nodeHttp: (listener) => nodeHttpListener(guard, admissions, listener),
    tokenOf: admissions.tokenOf,
  }
}

function keySetsOver(exchange: Exchange, clock: Clock): KeySetAt {
  return (address, discover) =>
    createKeySet(
      {
        address,
        discover: () => discover(() => fetchMetadata(exchange, address)),
        fetchKeys: (metadata) => fetchKeys(exchange, metadata),
      },
      clock,
    )
}
