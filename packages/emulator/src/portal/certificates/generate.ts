import { html } from 'hono/html'
import { generateCertificate } from '../../certificate/generate-certificate.ts'
import type { Route } from '../../routes/route.ts'
import { copyable } from '../copyable.ts'
import { respond } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { requireOwnPage } from '../write.ts'
import { appOf } from './app-of.ts'
import { certificateFacts } from './certificate-facts.ts'

/** A new key and its certificate: the certificate is registered, the key is on this page and nowhere else. */
export const generateRoute: Route = portalRoute(
  'certificates',
  'POST',
  paths.generate,
  async (context, services) => {
    requireOwnPage(context)
    const { appId, homeTenantId: tenantId, name } = appOf(context, services)
    const { certificate, x509, privateKey } = await generateCertificate(name, services.clock.now())
    services.control.addCertificate({ appId, tenantId, certificate })
    const pem = `${privateKey}${certificate}`
    const file = `${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 60) || 'app'}.pem`
    const body = html`<h1>A certificate for ${name}</h1>
<p class="notice good" role="status">The certificate is registered. <strong>Its private key is on this page only</strong> and is not kept: save it now.</p>
<section class="card" aria-labelledby="made"><div class="card-head"><h2 id="made">${file}</h2>
<a class="button primary" download="${file}" href="data:application/x-pem-file;base64,${Buffer.from(pem).toString('base64')}">Download key and certificate</a></div>
<div class="card-body">${certificateFacts(x509)}
<details><summary>Show the key and the certificate</summary>${copyable(pem)}</details>
<p><a href="${paths.certificates}#app-${appId}">Back to the certificates</a></p></div></section>`
    return respond(context, services, { title: 'Generated', tab: 'certificates', body })
  },
)
