import { toAbortSignal } from '../internal/stop.ts'
import type { TokenFor } from './options.ts'

/** The part of `@azure/core-auth`'s TokenCredential that every Azure SDK calls. */
export interface TokenCredential {
  getToken(scopes: string | string[], options?: TokenCredentialOptions): Promise<AzureAccessToken>
}

export interface TokenCredentialOptions {
  readonly abortSignal?: AbortSignalLike | undefined
  readonly claims?: string | undefined
  /** The SDK answers claims challenges, so the token may be a revocable one. */
  readonly enableCae?: boolean | undefined
  readonly tenantId?: string | undefined
}

/** What older SDKs pass in place of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

export interface AzureAccessToken {
  token: string
  /** Epoch milliseconds. */
  expiresOnTimestamp: number
  /** Epoch milliseconds. */
  refreshAfterTimestamp: number
  tokenType: 'Bearer'
}

/** What a client's tokens look like to an Azure SDK. */
export function createTokenCredential(tokenFor: TokenFor): TokenCredential {
  return {
    async getToken(scopes, { abortSignal, claims, enableCae = false, tenantId } = {}) {
      const scope = [scopes].flat().join(' ')
      const signal = abortSignal ? toAbortSignal(abortSignal) : undefined
      const token = await tokenFor({ scope, claims, tenant: tenantId, signal, answersChallenges: enableCae })
      return {
        token: token.accessToken,
        expiresOnTimestamp: token.expiresAt,
        refreshAfterTimestamp: token.refreshAt,
        tokenType: 'Bearer',
      }
    },
  }
}
