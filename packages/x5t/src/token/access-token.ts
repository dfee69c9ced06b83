/** An access token and the two instants that govern its use. */
export interface AccessToken {
  readonly accessToken: string
  readonly tokenType: string
  /** Epoch milliseconds. Sent time + `expires_in`; never used after this. */
  readonly expiresAt: number
  /** Epoch milliseconds. From here on a new one is fetched while this one still serves. */
  readonly refreshAt: number
}
