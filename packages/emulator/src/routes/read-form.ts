import { type Form, malformedForm, parseForm } from '../http/form.ts'
import { readBody } from '../http/read-body.ts'
import type { EmulatorContext } from './route.ts'

/** Bytes. A client assertion with a long chain is a quarter of that. */
const bodyLimit = 65_536

/** The form in a request's body, which is read once however often this is asked. */
export async function readForm(context: EmulatorContext): Promise<Form> {
  const { req } = context
  const form = context.get('form') ?? readBodyAsForm(req.method, req.raw)
  context.set('form', form)
  return form
}

async function readBodyAsForm(method: string, request: Request): Promise<Form> {
  const body = method === 'GET' || method === 'HEAD' ? '' : await readBody(request, bodyLimit)
  return body === undefined ? malformedForm : parseForm(body)
}
