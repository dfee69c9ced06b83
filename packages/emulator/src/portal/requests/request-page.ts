import { html } from 'hono/html'
import { type DescribedEntry, describeEntry } from '../../journal/describe-entry.ts'
import type { Entry } from '../../journal/journal.ts'
import { entryOf } from '../../routes/journal-routes.ts'
import { replay } from '../../routes/replay.ts'
import type { Route } from '../../routes/route.ts'
import { copyable, quoted } from '../copyable.ts'
import type { Html } from '../html.ts'
import { respond, seeOther } from '../page.ts'
import { paths, pathTo } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { readPost } from '../write.ts'
import { resultState } from './result-state.ts'
import { submitted } from './submitted.ts'
import { verdict } from './verdict.ts'

/** One request, explained; and the same once more, now or by another clock. */
export const requestRoutes: readonly Route[] = [
  portalRoute('requests', 'GET', paths.request, (context, services) => {
    const entry = entryOf(context, services)
    const described = describeEntry(entry, services.directory)
    const shownToken = context.req.query('token') === 'shown' ? entry.accessToken : undefined
    const body = html`${headline(described)}
${actions(described)}
${entry.accessToken === undefined ? '' : issued(entry, shownToken)}
<div class="two judged">${submitted(described)}<div>${verdict(described)}</div></div>
${asCurl(described)}`
    return respond(context, services, { title: `Request ${entry.number}`, tab: 'requests', body })
  }),
  portalRoute('requests', 'POST', paths.replay, async (context, services) => {
    const form = await readPost(context)
    const offset = form.get('clock') === '300' ? 300 : 0
    const { entry } = await replay(entryOf(context, services), offset, context.var.exchange, services)
    return seeOther(pathTo('request', { number: entry.number }))
  }),
]

function headline(described: DescribedEntry): Html {
  const { number, receivedAt, endpoint, appName, clientId, result, aadsts, error, status, elapsedMs } =
    described
  const { correlationId, traceId, replay: again, met } = described
  const answer = result === 'refused' ? `AADSTS${aadsts}, ${error}` : undefined
  return html`<div class="head"><h1>Request ${number}: ${appName ?? clientId ?? 'an app that is not named'}</h1>
<p>${resultState(result)} ${answer ?? ''}</p></div>
<dl class="line">
<div><dt>Received</dt><dd><code>${receivedAt}</code></dd></div>
<div><dt>Endpoint</dt><dd>${endpoint}</dd></div>
<div><dt>Answered</dt><dd>${status ?? 'by a fault'}, ${elapsedMs.toFixed(1)} ms</dd></div>
<div><dt>Correlation id</dt><dd><code>${correlationId}</code></dd></div>
<div><dt>Trace id</dt><dd><code>${traceId}</code></dd></div>
${again === undefined ? '' : html`<div><dt>Replay of</dt><dd><a href="${pathTo('request', { number: again.of })}">request ${again.of}</a>, clock ${again.clockOffsetSeconds >= 0 ? '+' : ''}${again.clockOffsetSeconds} s</dd></div>`}
${met.length === 0 ? '' : html`<div><dt>Weather met</dt><dd><a href="${paths.weather}">${met.join(', ')}</a></dd></div>`}
</dl>`
}

function actions({ number }: DescribedEntry): Html {
  const action = pathTo('replay', { number })
  return html`<div class="actions">
<form method="post" action="${action}"><button>Replay</button></form>
<form method="post" action="${action}"><input type="hidden" name="clock" value="300"><button>Replay with clock +5 min</button></form>
<a class="button" href="${pathTo('compare', { number })}">Compare with the last good one</a></div>`
}

/** The token stays out of the page until it is asked for. */
function issued({ number }: Entry, token: string | undefined): Html {
  const here = pathTo('request', { number })
  return html`<section class="card" aria-labelledby="issued"><div class="card-head"><h2 id="issued">The token that was issued</h2>
<div class="actions"><a class="button" href="${paths.token}?request=${number}">Read it</a>
${token === undefined ? html`<a class="button" href="${here}?token=shown#issued">Show it</a>` : html`<a class="button" href="${here}#issued">Hide it</a>`}</div></div>
${token === undefined ? '' : html`<div class="card-body">${copyable(token)}</div>`}</section>`
}

/** The credential is not in it: who has it puts it into a variable. */
function asCurl({ method, url, fields, number }: DescribedEntry): Html {
  const shown = fields.flatMap(({ name, value }) =>
    value === undefined ? [] : [`  --data-urlencode ${quoted(`${name}=${value}`)}`],
  )
  const hidden = fields.flatMap(({ name, value }) =>
    value === undefined && /^client_(assertion|secret)$/.test(name)
      ? [`  --data-urlencode "${name}=$${name.toUpperCase()}"`]
      : [],
  )
  const origin = new URL(url).origin
  const again = `curl --cacert ca.pem -H 'content-type: application/json' -d '{"clockOffsetSeconds": 0}' ${origin}/_emulator/requests/${number}/replay`
  const lines = [`curl --cacert ca.pem -X ${quoted(method)} ${quoted(url)}`, ...shown, ...hidden]
  return html`<section class="card" aria-labelledby="curl"><div class="card-head"><h2 id="curl">As curl</h2></div>
<div class="card-body"><p class="soft">The request; its credential is not in it.</p>${copyable(lines.join(' \\\n'))}
<p class="soft">The replay, by the JSON route.</p>${copyable(again)}</div></section>`
}
