import { html } from 'hono/html'
import type { EmulatorContext, Route, Services } from '../../routes/route.ts'
import { type FaultKind, faultKinds, weatherEndpoints } from '../../weather/fault.ts'
import type { ArmedFault } from '../../weather/weather.ts'
import type { Html } from '../html.ts'
import { current, respond } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { ago } from '../time-words.ts'
import { clockCard } from './clock-card.ts'
import { type FaultInput, faultForms } from './fault-forms.ts'

/** Faults and the clock on one page. Which fault is being made up stands in the address. */
export const weatherPage: Route = portalRoute('weather', 'GET', paths.weather, (context, services) => {
  const kind = faultKinds.find((one) => one === context.req.query('kind')) ?? 'latency'
  const body = html`<h1>Weather</h1>
${armedCard(services)}
<div class="aside">
<section class="card" aria-labelledby="kinds"><div class="card-head"><h2 id="kinds">Kind of fault</h2></div>
<ul class="pick">${faultKinds.map((one) => html`<li><a href="${paths.weather}?kind=${one}"${current(one === kind)}>${faultForms[one].title}</a></li>`)}</ul></section>
<div class="stack">${armForm(kind, context, services)}${clockCard(services)}</div></div>`
  return respond(context, services, { title: 'Weather', tab: 'weather', body })
})

function armedCard({ sky, clock }: Services): Html {
  const [armed, spent] = [sky.armed(), sky.spent()]
  const clear =
    armed.length > 1
      ? html`<form method="post" action="${paths.clearWeather}"><button>Clear all</button></form>`
      : ''
  const table = html`<table class="cards"><caption class="unseen">Armed and spent faults</caption>
<thead><tr><th scope="col">Fault</th><th scope="col">Id</th><th scope="col">Does</th><th scope="col">Scope</th><th scope="col">Left</th><th scope="col">Met</th><th scope="col">Armed</th><th scope="col"><span class="unseen">Change</span></th></tr></thead>
<tbody>${armed.map((fault) => row(fault, true, clock.now()))}${[...spent].reverse().map((fault) => row(fault, false, clock.now()))}</tbody></table>`
  return html`<section class="card" aria-labelledby="armed"><div class="card-head"><h2 id="armed">${armed.length === 0 ? 'Nothing is armed' : `Armed: ${armed.length}`}</h2>${clear}</div>
${armed.length + spent.length === 0 ? html`<p class="empty">Every request is answered as it should be. Arm a fault below to see what your client makes of it.</p>` : html`<div class="scroll">${table}</div>`}</section>`
}

function row(fault: ArmedFault, isArmed: boolean, now: number): Html {
  const { id, kind, endpoint, appId, tenant, probability, remaining, hits, armedAt } = fault
  const { title, inputs } = faultForms[kind]
  const values = new Map<string, unknown>(Object.entries(fault))
  const does = inputs.flatMap(({ name, label }) =>
    values.get(name) === undefined ? [] : [`${label}: ${values.get(name)}`],
  )
  const scope = [endpoint, appId, tenant].filter((part) => part !== undefined)
  const odds = probability === 1 ? '' : `, ${Math.round(probability * 100)} % of them`
  const left =
    remaining === undefined ? 'until cleared' : `${remaining} ${remaining === 1 ? 'request' : 'requests'}`
  const clear = html`<form method="post" action="${paths.clearWeather}"><input type="hidden" name="id" value="${id}"><button class="quiet">Clear<span class="unseen"> ${title} ${id}</span></button></form>`
  return html`<tr><th scope="row" data-label="Fault">${title}</th><td data-label="Id" class="mono">${id}</td><td data-label="Does">${does.join(' · ') || '–'}</td>
<td data-label="Scope">${scope.join(', ') || 'every endpoint'}${odds}</td><td data-label="Left">${isArmed ? left : 'spent'}</td>
<td data-label="Met">${hits}</td><td data-label="Armed" class="nowrap">${ago(Date.parse(armedAt), now)}</td><td data-label="Change">${isArmed ? clear : ''}</td></tr>`
}

function armForm(kind: FaultKind, { req }: EmulatorContext, { directory }: Services): Html {
  const { title, does, inputs } = faultForms[kind]
  const apps = directory.tenants().flatMap((tenant) => directory.applicationsOf(tenant))
  const chosen = req.query('app')
  return html`<section class="card" aria-labelledby="arm"><div class="card-head"><h2 id="arm">${title}</h2><p class="soft">${does}</p></div>
<form class="card-body" method="post" action="${paths.weather}"><input type="hidden" name="kind" value="${kind}">
<div class="grid">${inputs.map(input)}
<div class="field"><label for="endpoint">Endpoint</label><select id="endpoint" name="endpoint"><option value="">every one</option>${weatherEndpoints.map((one) => html`<option>${one}</option>`)}</select></div>
<div class="field"><label for="app">App</label><select id="app" name="appId"><option value="">every one</option>${apps.slice(0, 200).map(({ appId, name }) => html`<option value="${appId}"${appId === chosen ? html` selected` : ''}>${name}</option>`)}</select></div>
<div class="field"><label for="count">For the next … requests</label><input id="count" name="count" type="number" min="1" placeholder="until cleared"></div>
<div class="field"><label for="probability">Probability, 0 to 1</label><input id="probability" name="probability" type="number" min="0" max="1" step="any" value="1"></div>
<div class="field"><label for="seed">Seed of chance</label><input id="seed" name="seed" type="number" min="0" value="1"></div>
</div><div><button class="primary">Arm it</button></div></form></section>`
}

function input({ name, label, value, type, choices }: FaultInput): Html {
  const control =
    choices === undefined
      ? html`<input id="f-${name}" name="${name}" type="${type}" value="${value}"${type === 'number' ? html` step="any"` : ''}>`
      : html`<select id="f-${name}" name="${name}">${choices.map((one) => html`<option>${one}</option>`)}</select>`
  return html`<div class="field"><label for="f-${name}">${label}</label>${control}</div>`
}
