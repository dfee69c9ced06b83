import { html } from 'hono/html'
import { type ControlError, toControlError } from '../routes/control-error.ts'
import type { EmulatorContext, Route, Services } from '../routes/route.ts'
import { type Page, respond } from './page.ts'

/** A page whose errors are pages too. */
export function portalRoute(
  tab: Page['tab'],
  method: 'GET' | 'POST',
  path: string,
  answer: Route['answer'],
): Route {
  return {
    method,
    path,
    async answer(context, services) {
      try {
        return await answer(context, services)
      } catch (error) {
        const known = toControlError(error)
        if (known === undefined) throw error
        return errorPage(context, services, tab, known)
      }
    },
  }
}

function errorPage(
  context: EmulatorContext,
  services: Services,
  tab: Page['tab'],
  { status, message }: ControlError,
): Promise<Response> {
  const {
    req,
    var: { exchange },
  } = context
  const referer = req.header('referer')
  const back = referer?.startsWith(`${exchange.origin}/`) ? referer.slice(exchange.origin.length) : '/'
  const title =
    status === 404 ? 'Not there' : req.method === 'POST' ? 'Nothing was changed' : 'Not understood'
  const body = html`<h1>${title}</h1>
<p class="notice bad" role="alert">${message}</p>
<p><a href="${back}">Back</a></p>`
  return respond(context, services, { title, tab, status, body })
}
