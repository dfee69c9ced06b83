import { html } from 'hono/html'
import type { Entry } from '../../journal/journal.ts'
import { ControlError } from '../../routes/control-error.ts'
import type { EmulatorContext, Route, Services } from '../../routes/route.ts'
import {
  type Expectations,
  type InspectedToken,
  inspectToken,
  type TokenCheck,
} from '../../token/inspect-token.ts'
import type { Html } from '../html.ts'
import { respond } from '../page.ts'
import { paths, pathTo } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { state } from '../state.ts'
import { ago } from '../time-words.ts'
import { readPost } from '../write.ts'
import { claimMeanings, timeClaims } from './claim-meanings.ts'

/** One token, read: its own from the journal by number, or any that is pasted. A pasted one never stands in an address. */
export const tokenRoutes: readonly Route[] = [
  portalRoute('token', 'GET', paths.token, async (context, services) => {
    const { request, audience, role } = context.req.query()
    const entry = request
      ? issuedBy(request, services)
      : services.journal.entries().findLast(({ accessToken }) => accessToken)
    return show(context, services, entry?.accessToken, entry, {
      audience: audience?.trim() || undefined,
      role: role?.trim() || undefined,
    })
  }),
  portalRoute('token', 'POST', paths.token, async (context, services) => {
    const form = await readPost(context)
    const given = (name: string) => form.get(name)?.trim() || undefined
    const token = given('token')?.replace(/^bearer\s+/i, '')
    return show(context, services, token, undefined, { audience: given('audience'), role: given('role') })
  }),
]

function issuedBy(request: string, { journal }: Services): Entry {
  const entry = journal.find(Number(request))
  if (entry?.accessToken === undefined)
    throw new ControlError(404, 'NotFound', `no token of request ${request.slice(0, 20)} in the journal`)
  return entry
}

async function show(
  context: EmulatorContext,
  services: Services,
  token: string | undefined,
  entry: Entry | undefined,
  wanted: Expectations,
): Promise<Response> {
  const { signingKeys, directory, clock } = services
  const now = clock.now()
  const inspected =
    token === undefined
      ? undefined
      : inspectToken(token, wanted, { keys: await signingKeys.published(), directory, now })
  const source =
    entry === undefined
      ? 'The pasted token'
      : html`The token of <a href="${pathTo('request', { number: entry.number })}">request ${entry.number}</a>`
  const body = html`<div class="head"><h1>Token</h1>${inspected === undefined ? '' : html`<p class="soft">${source}</p>`}</div>
<div class="two read">
<div class="stack">
${inspected === undefined ? html`<p class="notice">No token was issued yet. Paste one to read it.</p>` : html`${members('Header', inspected.header, now)}${members('Claims', inspected.claims, now)}`}
</div>
<div class="stack">
${inspected === undefined ? '' : verdict(inspected, wanted)}
${expectationsForm(entry, wanted, inspected)}
</div></div>`
  return respond(context, services, { title: 'Token', tab: 'token', body })
}

function members(title: string, of: Readonly<Record<string, unknown>>, now: number): Html {
  const rows = Object.entries(of).slice(0, 100)
  const row = ([name, value]: [
    string,
    unknown,
  ]) => html`<tr><th scope="row" data-label="Name"><code class="whole">${name.slice(0, 60)}</code></th>
<td data-label="Value"><code>${textOf(value)}</code></td><td data-label="Meaning" class="soft">${meaning(name, value, now)}</td></tr>`
  return html`<section class="card" aria-label="${title}"><div class="card-head"><h2>${title}</h2></div>
${
  rows.length === 0
    ? html`<p class="empty">Nothing that can be read.</p>`
    : html`<table class="cards"><caption class="unseen">${title} of the token</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.map(row)}</tbody></table>`
}</section>`
}

function meaning(name: string, value: unknown, now: number): string {
  const words = Object.hasOwn(claimMeanings, name) ? (claimMeanings[name] ?? '') : ''
  if (!timeClaims.has(name) || typeof value !== 'number' || Math.abs(value) > 8.64e12) return words
  return `${words}: ${new Date(value * 1000).toISOString().replace('.000Z', 'Z')}, ${ago(value * 1000, now)}`
}

function verdict({ checks }: InspectedToken, { audience, role }: Expectations): Html {
  const failed = checks.filter((check) => check.state === 'failed').length
  const asked =
    audience === undefined && role === undefined ? 'Name audience and role below to ask for your API.' : ''
  return html`<section class="card" aria-labelledby="accepted"><div class="card-head"><h2 id="accepted">Would an API accept it?</h2>
<p>${failed === 0 ? state('good', 'accepted') : state('bad', 'refused')}</p></div>
<table class="cards"><caption class="unseen">Checks of an API, in order</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">Asks</th></tr></thead><tbody>${checks.map(checkRow)}</tbody></table>
<div class="card-foot"><span>The order is that of <code>x5t/verify</code>; the code is the emulator’s own. ${asked}</span></div></section>`
}

const results = {
  passed: state('good', 'passed'),
  failed: state('bad', 'failed'),
  'not reached': state('idle', 'not reached'),
}

function checkRow({ name, state: result, asks, expected, found }: TokenCheck): Html {
  const seen = result === 'failed' && expected !== undefined
  return html`<tr><th scope="row" data-label="Check">${name}</th><td data-label="Result">${results[result]}</td>
<td data-label="Asks"><span>${asks}${seen ? html`<br><span class="soft">expected</span> <code>${expected}</code><br><span class="soft">came</span> <code>${found}</code>` : ''}</span></td></tr>`
}

function expectationsForm(
  entry: Entry | undefined,
  { audience, role }: Expectations,
  inspected: InspectedToken | undefined,
): Html {
  const fields = html`<div class="grid">
<div class="field"><label for="audience">Audience that your API takes</label><input id="audience" name="audience" value="${audience ?? ''}"></div>
<div class="field"><label for="role">App role that it wants</label><input id="role" name="role" value="${role ?? ''}"></div></div>`
  const own =
    entry === undefined
      ? ''
      : html`<section class="card" aria-labelledby="own"><div class="card-head"><h2 id="own">Ask for your API</h2></div>
<form class="card-body" method="get" action="${paths.token}"><input type="hidden" name="request" value="${entry.number}">${fields}<div><button class="primary">Check the token of request ${entry.number}</button></div></form></section>`
  const again =
    entry === undefined && inspected !== undefined
      ? html`<p class="soft">The pasted token is not kept: paste it again to ask anew.</p>`
      : ''
  return html`${own}<section class="card" aria-labelledby="paste"><div class="card-head"><h2 id="paste">Read another token</h2></div>
<form class="card-body" method="post" action="${paths.token}">${again}<div class="field"><label for="token">Access token</label><textarea id="token" name="token" required autocomplete="off" spellcheck="false"></textarea></div>
${entry === undefined ? fields : ''}<div><button>Read it</button></div></form></section>`
}

function textOf(value: unknown): string {
  const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return written.length > 500 ? `${written.slice(0, 500)}…` : written
}
