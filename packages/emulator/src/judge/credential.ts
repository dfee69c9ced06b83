import { createHash, timingSafeEqual } from 'node:crypto'
import type { App, Tenant } from '../directory/app.ts'
import { Refusal } from '../refusal/refusal.ts'
import { judgeClientAssertion } from './client-assertion.ts'
import type { TokenRequest } from './judge-token-request.ts'

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How the client proved itself: `2` by a certificate, `1` by a secret. */
export function judgeCredential(
  request: Pick<TokenRequest, 'basic' | 'origins'> & {
    readonly form: URLSearchParams
    readonly tenant: Tenant
    readonly client: App
    readonly now: number
  },
): '1' | '2' {
  const { form, basic, client, tenant, origins, now } = request
  const assertion = form.get('client_assertion')
  const secret = form.get('client_secret') ?? basic?.secret
  if (!assertion && !secret) throw new Refusal(7000216)
  if (client.publicClient) throw new Refusal(700025)
  if (!assertion) return judgeSecret(secret ?? '', client, now)
  if (form.get('client_assertion_type') !== jwtBearer)
    throw new Refusal(900144, { name: 'client_assertion_type' })
  judgeClientAssertion(assertion, { client, tenant, origins, now })
  return '2'
}

function judgeSecret(secret: string, { appId, secrets }: App, now: number): '1' {
  const matching = secrets.filter(({ value }) => isSame(value, secret))
  if (matching.length === 0) throw new Refusal(7000215, { appId })
  if (matching.every(({ notAfter }) => notAfter < now)) throw new Refusal(7000222, { appId })
  return '1'
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
