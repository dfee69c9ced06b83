import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClientOptions } from '../../src/client/options.ts'

/** One thing that goes wrong between a client and its token endpoint, and what must come of it. */
export interface Fault {
  readonly name: string
  /** What the server does with each request; the last goes on. */
  readonly answers: readonly Answer[]
  readonly expected: Expected
  /** Tokens asked for, one after the other, each for a scope of its own; `expected` is about the last. Default 1. */
  readonly calls?: number
  /** The client's clock minus the true time. */
  readonly skewMs?: number
  readonly options?: (stage: Stage) => Partial<ClientOptions>
}

export type Answer = (visit: Visit) => void

/** One request at the server. */
export interface Visit extends Stage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The form that came. */
  readonly form: URLSearchParams
  readonly assertion: { readonly nbf: number; readonly exp: number; readonly jti: string }
}

/** What a fault may refer to. */
export interface Stage {
  /** Another server of the same kind, where nothing must ever arrive. */
  readonly elsewhere: string
  /** A port of loopback on which nobody listens. */
  readonly deadPort: number
  /** TLS under a certificate for `localhost` that nobody trusts. */
  readonly tlsPort: number
  /** TLS under a certificate for another name, and that certificate. */
  readonly tlsOtherNamePort: number
  readonly otherNameCa: string
  readonly tlsClientOnlyPort: number
  readonly clientOnlyCa: string
}

export type Expected = { readonly requests: number } & (
  | { readonly token: string; readonly lifetimeSeconds?: number }
  | {
      readonly code: string
      readonly message?: RegExp
      readonly status?: number
      readonly retryable?: boolean
      readonly retryAfterMs?: number | undefined
      readonly aadsts?: number
    }
)

export const ok = (requests = 1): Expected => ({ token: 'the-token', requests })

const token = { token_type: 'Bearer', expires_in: 3_600, access_token: 'the-token' }

/** A good answer with `members` in place of its own; `undefined` takes one away. */
export const tokenWith = (members: object = {}) => JSON.stringify({ ...token, ...members })

export function answer(status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
}

export const granted = answer(200, tokenWith())

export const error = (status: number, members: object, headers?: Record<string, string>) =>
  answer(status, JSON.stringify(members), headers)

/** Bytes in place of an HTTP answer; then the connection ends. */
export const raw =
  (bytes: string): Answer =>
  ({ response }) => {
    response.socket?.end(bytes)
  }
