import type { TokenRequest } from '../judge/hearing.ts'
import { readForm } from './read-form.ts'
import type { EmulatorContext } from './route.ts'

/** A request to a token endpoint, read but not believed. */
export async function readTokenRequest(
  context: EmulatorContext,
  endpoint: 'v1' | 'v2',
): Promise<TokenRequest> {
  const { req } = context
  return {
    endpoint,
    method: req.method,
    tenant: req.param('tenant') ?? '',
    isForm: /^application\/x-www-form-urlencoded *(;|$)/i.test(req.header('content-type') ?? ''),
    form: await readForm(context),
    authorization: req.header('authorization'),
    origin: req.header('origin'),
  }
}
