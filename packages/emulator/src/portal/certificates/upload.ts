import { html } from 'hono/html'
import type { Route } from '../../routes/route.ts'
import { respond, seeOther } from '../page.ts'
import { paths, pathTo } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { readFileUpload } from '../read-file-upload.ts'
import { readPost, requireOwnPage } from '../write.ts'
import { appOf } from './app-of.ts'
import { certificateFacts, concerns } from './certificate-facts.ts'
import { readUpload } from './read-upload.ts'

/** Bytes. A certificate with its chain is a tenth of that. */
const uploadLimit = 262_144

/** A file is looked at first; nothing is kept until the second step, which sends the certificate alone. */
export const uploadRoutes: readonly Route[] = [
  portalRoute('certificates', 'POST', paths.upload, async (context, services) => {
    requireOwnPage(context)
    const application = appOf(context, services)
    const { name: fileName, bytes } = await readFileUpload(context, uploadLimit)
    const { certificates, hasPrivateKey, problem } = readUpload(bytes)
    const [x509] = certificates
    const { tenantId, appId } = { tenantId: application.homeTenantId, appId: application.appId }
    const back = `${paths.certificates}#app-${appId}`
    const warning = hasPrivateKey
      ? html`<p class="notice warn" role="alert"><strong>A private key was found in this file.</strong> It is not stored and should not have been uploaded: whoever has it can sign as the app. Upload the certificate alone.</p>`
      : ''
    if (x509 === undefined) {
      const body = html`<h1>Nothing to register in ${fileName}</h1>${warning}
<p class="notice bad" role="alert">${problem}</p><p><a href="${back}">Back to the certificates</a></p>`
      return respond(context, services, { title: 'Upload', tab: 'certificates', status: 400, body })
    }
    const body = html`<h1>Register this certificate on ${application.name}?</h1>${warning}
${concerns(x509, application, services.clock.now()).map((words) => html`<p class="notice warn">${words}</p>`)}
<section class="card" aria-labelledby="preview"><div class="card-head"><h2 id="preview">${fileName}</h2></div>
<div class="card-body">${certificateFacts(x509)}
${certificates.length > 1 ? html`<p class="soft">The file holds ${certificates.length} certificates. The first one counts.</p>` : ''}
<div class="actions">
<form method="post" action="${pathTo('add', { tenantId, appId })}"><input type="hidden" name="certificate" value="${x509.raw.toString('base64')}"><button class="primary">Register it</button></form>
<a class="button" href="${back}">Cancel</a></div></div></section>`
    return respond(context, services, { title: 'Preview', tab: 'certificates', body })
  }),
  portalRoute('certificates', 'POST', paths.add, async (context, services) => {
    const form = await readPost(context)
    const { appId, homeTenantId: tenantId, certificates } = appOf(context, services)
    const certificate = form.get('certificate') ?? ''
    const { keyId } = services.control.addCertificate({ appId, tenantId, certificate })
    const done = certificates.some((one) => one.keyId === keyId) ? 'present' : 'added'
    return seeOther(`${paths.certificates}?done=${done}#key-${keyId}`)
  }),
]
