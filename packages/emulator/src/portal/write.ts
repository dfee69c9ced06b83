import { readBody } from '../http/read-body.ts'
import { ControlError } from '../routes/control-error.ts'
import type { EmulatorContext } from '../routes/route.ts'

/** Bytes. */
const formLimit = 262_144

/** The fields of a form that a page of the portal posted. */
export async function readPost(context: EmulatorContext, limit = formLimit): Promise<URLSearchParams> {
  requireOwnPage(context)
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(context.req.header('content-type') ?? ''))
    throw new ControlError(415, 'UnsupportedMediaType', 'send a form')
  const body = await readBody(context.req.raw, limit)
  if (body === undefined)
    throw new ControlError(413, 'PayloadTooLarge', `the form is longer than ${limit} bytes`)
  return new URLSearchParams(body)
}

/**
 * Only a page of the emulator's own may post its forms: any site could send the same, and a browser would let it.
 * Every browser says where a post comes from; what does not is no browser, and has the JSON routes.
 */
export function requireOwnPage({ req, var: { exchange } }: EmulatorContext): void {
  const origin = req.header('origin')
  const own =
    origin === undefined ? req.header('sec-fetch-site') === 'same-origin' : origin === exchange.origin
  if (!own)
    throw new ControlError(
      403,
      'Forbidden',
      'this form takes posts from the portal’s own pages; scripts have the JSON routes',
    )
}
