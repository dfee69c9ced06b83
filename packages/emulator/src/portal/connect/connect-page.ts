import { html } from 'hono/html'
import type { Tenant } from '../../directory/application.ts'
import type { EmulatorContext, Route, Services } from '../../routes/route.ts'
import { copyable } from '../copyable.ts'
import type { Html } from '../html.ts'
import { respond } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { snippets } from './snippets.ts'

/** What a client needs to find and trust the emulator, and the state to take along. */
export const connectPage: Route = portalRoute('connect', 'GET', paths.connect, (context, services) => {
  const tenants = services.directory.tenants()
  const body = html`<h1>Connect</h1>
${notice(context)}
${trustCard(services)}
${tenants.slice(0, 20).map((tenant) => addresses(tenant, context))}
${tenants.length > 20 ? html`<p class="soft">${tenants.length - 20} more tenants; <a href="/_emulator/state">all of them as JSON</a>.</p>` : ''}
${clients(context, services)}
${stateCard()}`
  return respond(context, services, { title: 'Connect', tab: 'connect', body })
})

function notice({ req }: EmulatorContext): Html | '' {
  const done = new Map([
    ['imported', 'The state is imported.'],
    ['reset', 'Everything is as it was at the start.'],
    ['rolled', 'The next key signs from now on.'],
  ]).get(req.query('done') ?? '')
  return done === undefined ? '' : html`<p class="notice good" role="status">${done}</p>`
}

function trustCard({ caPem }: Services): Html {
  const body =
    caPem === ''
      ? html`<p>It speaks plain http, so there is nothing to trust. Microsoft’s own libraries refuse such an authority.</p>`
      : html`<p>Clients must trust this certificate authority. It can vouch for the emulator’s host names only, and was made on this machine.</p>
<dl class="facts"><dt>Node</dt><dd><code>NODE_EXTRA_CA_CERTS=ca.pem</code></dd><dt>Python</dt><dd><code>REQUESTS_CA_BUNDLE=ca.pem</code></dd>
<dt>.NET, Go, OpenSSL</dt><dd><code>SSL_CERT_FILE=ca.pem</code></dd><dt>curl</dt><dd><code>--cacert ca.pem</code></dd></dl>
<p><a class="button primary" href="/_emulator/ca.pem" download="ca.pem">Download ca.pem</a></p>`
  return html`<section class="card" aria-labelledby="trust"><div class="card-head"><h2 id="trust">Trust</h2></div><div class="card-body">${body}</div></section>`
}

function addresses({ id, displayName, domains }: Tenant, { var: { exchange } }: EmulatorContext): Html {
  const heading = `tenant-${id}`
  const base = `${exchange.origin}/${id}`
  return html`<section class="card" aria-labelledby="${heading}"><div class="card-head"><h2 id="${heading}">${displayName}</h2></div>
<div class="card-body"><dl class="facts"><dt>Tenant</dt><dd><code>${id}</code>${domains.map((domain) => html` · <code>${domain}</code>`)}</dd>
<dt>Authority</dt><dd><code>${base}</code></dd><dt>Token, v2</dt><dd><code>${base}/oauth2/v2.0/token</code></dd><dt>Token, v1</dt><dd><code>${base}/oauth2/token</code></dd>
<dt>Metadata</dt><dd><a href="/${id}/v2.0/.well-known/openid-configuration"><code>${base}/v2.0/.well-known/openid-configuration</code></a></dd>
<dt>Keys</dt><dd><a href="/${id}/discovery/v2.0/keys"><code>${base}/discovery/v2.0/keys</code></a></dd></dl></div></section>`
}

function clients({ var: { exchange } }: EmulatorContext, { directory }: Services): Html {
  const [tenant] = directory.tenants()
  const apps = tenant === undefined ? [] : directory.applicationsOf(tenant)
  const client = apps.find(({ certificates }) => certificates.length > 0) ?? apps[0]
  const api = apps.find(({ appRoles }) => (appRoles?.length ?? 0) > 0)
  const scope = `${api?.identifierUris[0] ?? 'https://graph.microsoft.com'}/.default`
  const lines = snippets({
    origin: exchange.origin,
    tenantId: tenant?.id ?? '',
    clientId: client?.appId ?? '',
    scope,
  })
  return html`<section class="card" aria-labelledby="clients"><div class="card-head"><h2 id="clients">Point a client at it</h2><p class="soft">as ${client?.name ?? 'an app'}, for ${api?.name ?? 'Microsoft Graph'}</p></div>
<div class="card-body">${lines.map(({ name, text }) => html`<div class="stack-tight"><h3>${name}</h3>${copyable(text)}</div>`)}</div></section>`
}

function stateCard(): Html {
  return html`<section class="card" aria-labelledby="state"><div class="card-head"><h2 id="state">State</h2></div>
<div class="card-body"><p>Tenants, apps, certificates and roles as one JSON file: it can be imported here, and started with by <code>x5t emulator --seed</code>. Secrets are in it as digests; private keys are not.</p>
<div class="actions"><a class="button" href="/_emulator/export" download="emulator.json">Export</a>
<form method="post" enctype="multipart/form-data" action="${paths.importState}"><div class="actions"><label class="unseen" for="file">State file</label><input id="file" type="file" name="file" required accept=".json,application/json"><button>Import, replacing everything</button></div></form></div>
<div class="actions"><form method="post" action="${paths.rollKey}"><button>Roll the signing key</button></form>
<a class="button danger" href="${paths.reset}">Reset…</a></div></div></section>`
}
