import { secretDigest } from '../directory/client-secret.ts'
import { refusal } from '../refusal/refusal.ts'
import type { Client, Hearing } from './hearing.ts'

/** RFC 6749 section 2.3.1: both halves are form-encoded. Undefined where the header is none of this. */
export function basicCredentials(
  authorization: string | undefined,
): { readonly clientId: string; readonly secret: string } | undefined {
  const [, encoded] = /^basic +([a-z0-9+/=_-]+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':')
  try {
    return { clientId: formDecoded(clientId), secret: formDecoded(secret.join(':')) }
  } catch {
    // Many clients send the halves as they are; a lone percent sign shows it.
    return { clientId, secret: secret.join(':') }
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

export function judgeSecret(hearing: Hearing, { application, principal }: Client, secret: string): void {
  const { appId } = application
  const sha256 = secretDigest(secret)
  const known = [...application.secrets, ...principal.secrets].find((one) => one.sha256 === sha256)
  hearing.require('the secret is registered', known, refusal(7000215, { appId }))
  const alive = known.expiresAt === undefined || hearing.now < known.expiresAt
  hearing.require('the secret has not expired', alive, refusal(7000222, { appId }))
}
