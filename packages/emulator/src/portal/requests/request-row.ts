import { html } from 'hono/html'
import type { EntrySummary } from '../../journal/describe-entry.ts'
import type { Html } from '../html.ts'
import { pathTo } from '../paths.ts'
import { timeOfDay } from '../time-words.ts'
import { resultState } from './result-state.ts'

/** One request in the table. What it says, the script says of a new one: see `filled` in assets/portal.js. */
export function requestRow(summary: EntrySummary): Html {
  const { number, receivedAt, endpoint, appName, clientId, aadsts, thumbprint, elapsedMs } = summary
  return row({
    href: pathTo('request', { number }),
    time: timeOfDay(receivedAt),
    endpoint,
    app: appName ?? clientId ?? 'not named',
    result: resultState(summary.result),
    aadsts: String(aadsts ?? '–'),
    thumbprint: thumbprint === undefined ? '–' : `${thumbprint.slice(0, 10)}…`,
    ms: elapsedMs.toFixed(1),
  })
}

const results = ['issued', 'refused', 'not judged'] as const

/** The row that the script fills in. Of the results it keeps the right one. */
export function emptyRow(): Html {
  const result = html`${results.map((one) => html`<span data-result="${one}">${resultState(one)}</span>`)}`
  const empty = { endpoint: '', app: '', aadsts: '', thumbprint: '', ms: '' }
  return row({
    ...empty,
    href: pathTo('request', { number: '' }),
    time: html`<span class="mono"></span>`,
    result,
  })
}

function row(cells: {
  readonly href: string
  readonly time: Html
  readonly endpoint: string
  readonly app: string
  readonly result: Html
  readonly aadsts: string
  readonly thumbprint: string
  readonly ms: string
}): Html {
  const { href, time, endpoint, app, result, aadsts, thumbprint, ms } = cells
  return html`<tr>
<th scope="row" data-label="Time"><a href="${href}" data-fill="time">${time}</a></th>
<td data-label="Endpoint" data-fill="endpoint">${endpoint}</td>
<td data-label="App" data-fill="app">${app}</td>
<td data-label="Result">${result}</td>
<td data-label="AADSTS" class="mono" data-fill="aadsts">${aadsts}</td>
<td data-label="Thumbprint" class="mono" data-fill="thumbprint">${thumbprint}</td>
<td data-label="ms" class="number" data-fill="ms">${ms}</td>
</tr>`
}
