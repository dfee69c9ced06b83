import { html } from 'hono/html'
import { type ComparedRow, compareWithLastGood } from '../../journal/compare.ts'
import { entryOf } from '../../routes/journal-routes.ts'
import type { Route } from '../../routes/route.ts'
import type { Html } from '../html.ts'
import { respond } from '../page.ts'
import { paths, pathTo } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { state } from '../state.ts'

/** A request field by field beside the last good one. */
export const comparePage: Route = portalRoute('requests', 'GET', paths.compare, (context, services) => {
  const { journal, directory } = services
  const { number } = entryOf(context, services)
  const found = compareWithLastGood(entryOf(context, services), journal.entries(), directory)
  const here = html`<a href="${pathTo('request', { number })}">Request ${number}</a>`
  const differing = found?.rows.filter(({ verdict }) => verdict === 'differs').length ?? 0
  const body =
    found === undefined
      ? html`<h1>Request ${number} beside the last good one</h1>
<p class="notice">No request before it was granted, so there is nothing to compare it with.</p><p>${here}</p>`
      : html`<div class="head"><h1>Request ${number} beside the last good one</h1>
<p>${differing === 0 ? 'Nothing differs that should not.' : `${differing} ${differing === 1 ? 'difference' : 'differences'}`}</p></div>
<p class="soft">${here} beside <a href="${pathTo('request', { number: found.with })}">request ${found.with}</a>, ${found.why}. Times count from the arrival of each.</p>
<section class="card" aria-label="Comparison"><div class="scroll" tabindex="0" role="region" aria-label="Table of fields"><table class="cards columns-steady">
<caption class="unseen">Request ${number} and request ${found.with}, field by field</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Verdict</th><th scope="col">Request ${number}</th><th scope="col">Request ${found.with}, good</th></tr></thead>
<tbody>${[...found.rows].sort((a, b) => rank[a.verdict] - rank[b.verdict]).map(row)}</tbody></table></div></section>`
  return respond(context, services, { title: `Compare request ${number}`, tab: 'requests', body })
})

const rank = { differs: 0, 'new each time': 1, same: 2 }

function row({ name, here, good, verdict }: ComparedRow): Html {
  const shown = (value: string | undefined) =>
    value === undefined ? html`<span class="soft">not sent</span>` : html`<code>${value || 'empty'}</code>`
  return html`<tr><th scope="row" data-label="Field"><code>${name}</code></th>
<td data-label="Verdict">${verdict === 'differs' ? state('bad', 'differs') : state('idle', verdict)}</td>
<td data-label="This one">${shown(here)}</td><td data-label="Good one">${shown(good)}</td></tr>`
}
