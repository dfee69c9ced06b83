import { readBody } from '../http/read-body.ts'
import { ControlError } from './control-error.ts'
import type { EmulatorContext } from './route.ts'

/** Bytes. */
const bodyLimit = 262_144

/** The JSON object in the body of a write. */
export async function readChange(context: EmulatorContext, limit = bodyLimit): Promise<object> {
  refuseForeignOrigin(context)
  if (!/^application\/json *(;|$)/i.test(context.req.header('content-type') ?? ''))
    throw new ControlError(415, 'UnsupportedMediaType', 'send application/json')
  const body = await readBody(context.req.raw, limit)
  if (body === undefined) throw new ControlError(413, 'PayloadTooLarge', `body is longer than ${limit} bytes`)
  const change = parsed(body)
  if (change === undefined) throw new ControlError(400, 'BadRequest', 'the body is no JSON object')
  return change
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A page of another site must not change the directory behind its reader's back; a page of ours may. */
export function refuseForeignOrigin({ req, var: { exchange } }: EmulatorContext): void {
  const origin = req.header('origin')
  // What is no browser sends neither header; a browser that leaves out the first still sends the second.
  const site = req.header('sec-fetch-site') ?? 'none'
  if (origin === undefined ? !['none', 'same-origin'].includes(site) : origin !== exchange.origin)
    throw new ControlError(403, 'Forbidden', `writes from ${origin ?? `a ${site} page`} are refused`)
}
