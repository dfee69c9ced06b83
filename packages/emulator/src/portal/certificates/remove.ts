import { html } from 'hono/html'
import { ControlError } from '../../routes/control-error.ts'
import type { Route } from '../../routes/route.ts'
import { respond, seeOther } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { ago } from '../time-words.ts'
import { requireOwnPage } from '../write.ts'
import { appOf } from './app-of.ts'
import { certificateFacts } from './certificate-facts.ts'

/** Asks first. */
export const removeRoutes: readonly Route[] = [
  portalRoute('certificates', 'GET', paths.remove, (context, services) => {
    const { appId, name, certificates } = appOf(context, services)
    const found = certificates.find(({ keyId }) => keyId === context.req.param('keyId'))
    if (found === undefined)
      throw new ControlError(404, 'NotFound', 'this certificate is not registered (any more)')
    const last = services.journal.lastUse(found)?.exchange.receivedAt
    const use =
      last === undefined
        ? 'It was not used since the emulator started.'
        : `It was last used ${ago(last, services.clock.now())}.`
    const others = certificates.length - 1
    const body = html`<h1>Remove this certificate from ${name}?</h1>
<p class="notice warn">${use} From then on, assertions that name it are refused with AADSTS700027. ${others === 0 ? 'It is the only one of the app.' : `${others} ${others === 1 ? 'other stays' : 'others stay'}.`}</p>
<section class="card" aria-labelledby="what"><div class="card-head"><h2 id="what">${found.displayName}</h2></div>
<div class="card-body">${certificateFacts(found.x509)}
<div class="actions"><form method="post"><button class="danger">Remove it</button></form>
<a class="button" href="${paths.certificates}#app-${appId}">Cancel</a></div></div></section>`
    return respond(context, services, { title: 'Remove', tab: 'certificates', body })
  }),
  portalRoute('certificates', 'POST', paths.remove, (context, services) => {
    requireOwnPage(context)
    const { appId, homeTenantId: tenantId } = appOf(context, services)
    services.control.removeCertificate({ appId, tenantId, keyId: context.req.param('keyId') })
    return seeOther(`${paths.certificates}?done=removed#app-${appId}`)
  }),
]
