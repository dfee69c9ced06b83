import { html } from 'hono/html'
import { durationMs } from '../../directory/app-management-policy.ts'
import type { Application, Tenant } from '../../directory/application.ts'
import { describeCertificate } from '../../directory/describe.ts'
import type { EmulatorContext, Route, Services } from '../../routes/route.ts'
import { copyable } from '../copyable.ts'
import type { Html } from '../html.ts'
import { respond } from '../page.ts'
import { paths, pathTo } from '../paths.ts'
import { span } from '../time-words.ts'
import { certificateTable } from './certificate-table.ts'

/** More are found by name. */
const mostApps = 50

/** Every app with its certificates: where one lands. */
export const certificatesPage: Route = {
  method: 'GET',
  path: paths.certificates,
  answer(context, services) {
    const wanted = context.req.query('app')?.trim().slice(0, 200) ?? ''
    const apps = services.directory
      .tenants()
      .flatMap((tenant) => services.directory.applicationsOf(tenant).map((app) => ({ tenant, app })))
    const found = apps.filter(({ app }) => fits(app, wanted))
    const body = html`<div class="head"><h1>Certificates</h1>
${apps.length > 5 ? searchForm(wanted) : ''}</div>
${notice(context)}
${found.slice(0, mostApps).map(({ tenant, app }) => appCard(tenant, app, context, services))}
${found.length === 0 ? html`<p class="notice">No app ${wanted === '' ? 'is registered' : `is named like “${wanted}”`}.</p>` : ''}
${found.length > mostApps ? html`<p class="soft">${found.length - mostApps} more apps. Search for a name or an id to see them.</p>` : ''}`
    return respond(context, services, { title: 'Certificates', tab: 'certificates', body })
  },
}

const fits = ({ name, appId }: Application, wanted: string): boolean =>
  name.toLowerCase().includes(wanted.toLowerCase()) || appId === wanted.toLowerCase()

const searchForm = (
  wanted: string,
): Html => html`<form method="get" action="${paths.certificates}" role="search">
<div class="fields"><div class="field"><label for="app">App, by name or id</label><input id="app" name="app" value="${wanted}"></div>
<button>Search</button></div></form>`

/** What the write before said; only words of ours. */
function notice({ req }: EmulatorContext): Html | '' {
  const done = new Map([
    ['added', 'The certificate is registered.'],
    ['present', 'The certificate was registered already; nothing changed.'],
    ['removed', 'The certificate is removed.'],
  ]).get(req.query('done') ?? '')
  return done === undefined ? '' : html`<p class="notice good" role="status">${done}</p>`
}

function appCard(
  tenant: Tenant,
  application: Application,
  context: EmulatorContext,
  services: Services,
): Html {
  const { appId, name } = application
  const ofPrincipal = services.directory.findPrincipal(tenant, appId)?.certificates ?? []
  const heading = `app-${appId}`
  const place = { tenantId: tenant.id, appId }
  return html`<section class="card" aria-labelledby="${heading}">
<div class="card-head">
<div><h2 id="${heading}">${name}</h2><p class="soft"><code>${appId}</code> in ${tenant.displayName}</p></div>
<div class="actions">
<form method="post" enctype="multipart/form-data" action="${pathTo('upload', place)}"><div class="actions">
<label class="unseen" for="file-${appId}">Certificate file for ${name}</label>
<input id="file-${appId}" type="file" name="file" required accept=".cer,.pem,.crt,.der">
<button class="primary">Upload<span class="unseen"> to ${name}</span></button>
</div></form>
<form method="post" action="${pathTo('generate', place)}"><button>Generate for me<span class="unseen">: ${name}</span></button></form>
</div>
</div>
${certificateTable(application, ofPrincipal, services)}
<div class="card-foot"><span>${policyLine(tenant, services)}</span>${takeAlong(application, context)}</div>
</section>`
}

function policyLine({ policy }: Tenant, { sky }: Services): string {
  const lifetime = policy.applicationRestrictions.keyCredentials.find(({ state }) => state === 'enabled')
  const longest = durationMs(lifetime?.maxLifetime ?? '')
  const delay = Math.max(0, ...sky.armed().map((fault) => (fault.kind === 'propagation' ? fault.seconds : 0)))
  return [
    policy.isEnabled && longest !== undefined ? `Policy: at most ${span(longest)}` : 'Policy: any lifetime',
    'SHA-1 and SHA-256 thumbprints are taken',
    delay > 0 ? `propagation takes ${span(delay * 1000)}` : 'new certificates are accepted at once',
  ].join(' · ')
}

function takeAlong({ appId, name, certificates }: Application, { var: { exchange } }: EmulatorContext): Html {
  const url = `${exchange.origin}/_emulator/apps/${appId}/certificates`
  const curl = `curl --cacert ca.pem -H 'content-type: application/json' \\
  -d "{\\"certificate\\": \\"$(openssl x509 -in cert.pem -outform der | base64 | tr -d '\\n')\\"}" \\
  ${url}`
  const json = JSON.stringify(
    certificates.map((one) => ({
      ...describeCertificate(one),
      certificate: one.x509.raw.toString('base64'),
    })),
    null,
    2,
  )
  return html`<details><summary>Upload by curl<span class="unseen"> to ${name}</span></summary>${copyable(curl)}</details>
<details><summary>As JSON<span class="unseen">: certificates of ${name}</span></summary>${copyable(json)}</details>`
}
