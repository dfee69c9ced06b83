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
  const [title, first] =
    status === 404 ? ['Not there', 'There is no such thing'] : ['Not done', 'Nothing was changed']
  const body = html`<h1>${title}</h1>
<p class="notice bad" role="alert"><strong>${first}:</strong> ${message}.</p>
<p><a href="${context.req.header('referer')?.startsWith(`${context.var.exchange.origin}/`) ? context.req.header('referer') : '/'}">Back</a></p>`
  return respond(context, services, { title, tab, status, body })
}
