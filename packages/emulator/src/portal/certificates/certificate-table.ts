import { html } from 'hono/html'
import type { Application } from '../../directory/application.ts'
import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'
import { parseJws } from '../../judge/assertion/jws.ts'
import type { Services } from '../../routes/route.ts'
import type { Html } from '../html.ts'
import { pathTo } from '../paths.ts'
import { ago, day, span } from '../time-words.ts'
import { acceptedIn, certificateState, timeLeft } from './certificate-state.ts'

/** An app's certificates, those that Graph put on its service principal last. */
export function certificateTable(
  application: Application,
  ofPrincipal: readonly RegisteredCertificate[],
  services: Services,
): Html {
  const { name, certificates } = application
  if (certificates.length + ofPrincipal.length === 0)
    return html`<p class="empty">No certificate yet. Upload one, have one made, or run <code>x5t createKeys</code>.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Certificates of ${name}"><table class="cards">
<caption class="unseen">Certificates of ${name}</caption>
<thead><tr>
<th scope="col">State</th><th scope="col">Thumbprints: SHA-1, SHA-256</th><th scope="col">From</th><th scope="col">Until</th>
<th scope="col">Left</th><th scope="col">Last used</th><th scope="col">Key id</th><th scope="col"><span class="unseen">Change</span></th>
</tr></thead>
<tbody>
${certificates.map((certificate) => row(certificate, application, services, true))}
${ofPrincipal.map((certificate) => row(certificate, application, services, false))}
</tbody></table></div>`
}

function row(
  certificate: RegisteredCertificate,
  application: Application,
  services: Services,
  removable: boolean,
): Html {
  const now = services.clock.now()
  const { keyId, displayName, thumbprintSha1Hex, thumbprintSha256, notBefore, notAfter } = certificate
  const wait = acceptedIn(certificate, application, services)
  const change = removable
    ? html`<a href="${pathTo('remove', { tenantId: application.homeTenantId, appId: application.appId, keyId })}">Remove<span class="unseen"> ${displayName}, ${thumbprintSha1Hex}</span></a>`
    : html`<span class="soft">on the service principal, by Graph</span>`
  return html`<tr id="key-${keyId}">
<th scope="row" data-label="State">${certificateState(certificate, wait, now)}</th>
<td data-label="Thumbprints"><span><code class="whole">${thumbprintSha1Hex}</code><br><code class="whole soft">${thumbprintSha256}</code><br><span class="soft">${displayName}</span></span></td>
<td data-label="From">${day(notBefore)}</td>
<td data-label="Until">${day(notAfter)}</td>
<td data-label="Left">${timeLeft(certificate, now)}</td>
<td data-label="Last used">${lastUse(certificate, wait, services)}</td>
<td data-label="Key id"><code class="whole" title="${keyId}">${keyId.slice(0, 8)}<span class="unseen">${keyId.slice(8)}</span></code></td>
<td data-label="Change">${change}</td>
</tr>`
}

function lastUse(
  certificate: RegisteredCertificate,
  wait: number,
  { journal, clock }: Services,
): Html | string {
  const entry = journal.lastUse(certificate)
  if (entry === undefined) return wait > 0 ? `never; accepted in ${span(wait)}` : 'not since start'
  const { request, exchange, number } = entry
  const { alg } = parseJws(request.form.fields.get('client_assertion') ?? '')?.header ?? {}
  const when = `${ago(exchange.receivedAt, clock.now())} (${String(alg)})`
  // A request outlives its place in the journal as the last use, but not its page.
  return journal.find(number) === undefined
    ? when
    : html`<a href="${pathTo('request', { number })}">${when}</a>`
}
