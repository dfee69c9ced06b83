import { html } from 'hono/html'
import { summarize } from '../../journal/describe-entry.ts'
import { type Filter, filterNames, passes, readFilter } from '../../journal/filter.ts'
import type { Route } from '../../routes/route.ts'
import type { Html } from '../html.ts'
import { respond } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { emptyRow, requestRow } from './request-row.ts'

const mostRows = 100

/** Token requests, newest first. The filter is in the address, so that a view can be shared. */
export const requestsPage: Route = portalRoute('requests', 'GET', paths.requests, (context, services) => {
  const { journal, directory } = services
  const query = context.req.query()
  const filter = readFilter(query)
  const before = Number.parseInt(query.before ?? '', 10) || Number.POSITIVE_INFINITY
  const entries = journal.entries()
  const found = entries
    .filter(({ number }) => number < before)
    .map((entry) => summarize(entry, directory))
    .filter((summary) => passes(filter, summary))
    .reverse()
  const shown = found.slice(0, mostRows)
  const chosen = new URLSearchParams()
  for (const name of filterNames) if (query[name]?.trim()) chosen.set(name, query[name])
  const live = before === Number.POSITIVE_INFINITY ? liveAttributes(chosen, entries.at(-1)?.number ?? 0) : ''
  const body = html`<div class="head"><h1>Requests</h1>
<p class="soft">${live === '' ? 'older ones' : html`<span id="connection">as of now; reload for newer ones</span>`}</p></div>
<p id="announcement" class="unseen" role="status" aria-live="polite"></p>
${filterForm(filter)}
<section class="card" aria-label="Token requests, newest first">
<div class="scroll" tabindex="0" role="region" aria-label="Table of requests"><table class="cards"${live}>
<caption class="unseen">Token requests, newest first</caption>
<thead><tr><th scope="col">Time, UTC</th><th scope="col">Endpoint</th><th scope="col">App</th><th scope="col">Result</th>
<th scope="col">AADSTS</th><th scope="col">Thumbprint</th><th scope="col" class="number">ms</th></tr></thead>
<tbody>${shown.map(requestRow)}</tbody>
</table></div>
${shown.length === 0 ? html`<p class="empty" id="no-requests">${entries.length === 0 ? 'No token request yet.' : 'No request fits the filter.'}</p>` : ''}
${found.length > shown.length ? older(chosen, shown.at(-1)?.number) : ''}
</section>
<template id="request-row">${emptyRow()}</template>`
  return respond(context, services, { title: 'Requests', tab: 'requests', body })
})

/** What the script needs: whom to ask, what is there, and how much may be. */
function liveAttributes(chosen: URLSearchParams, last: number): Html {
  return html` data-live="/_emulator/requests/events?${chosen.toString()}" data-last="${last}" data-most="${mostRows}"`
}

function older(chosen: URLSearchParams, before: number | undefined): Html {
  const query = new URLSearchParams([...chosen, ['before', String(before)]])
  return html`<p class="card-foot"><a href="${paths.requests}?${query.toString()}">Older ones</a></p>`
}

function filterForm({ app, endpoint, result, aadsts }: Filter): Html {
  return html`<form method="get" action="${paths.requests}" aria-label="Filter"><div class="fields">
<div class="field"><label for="app">App, by name or id</label><input id="app" name="app" value="${app ?? ''}"></div>
<div class="field"><label for="endpoint">Endpoint</label>${choice('endpoint', ['v1', 'v2'], endpoint)}</div>
<div class="field"><label for="result">Result</label>${choice('result', ['issued', 'refused', 'not judged'], result)}</div>
<div class="field"><label for="aadsts">AADSTS</label><input id="aadsts" name="aadsts" inputmode="numeric" value="${aadsts ?? ''}"></div>
<div class="actions"><button>Filter</button><a href="${paths.requests}">Show all</a></div>
</div></form>`
}

function choice(name: string, values: readonly string[], chosen: string | undefined): Html {
  const option = (value: string) =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${value}</option>`
  return html`<select id="${name}" name="${name}"><option value="">any</option>${values.map(option)}</select>`
}
