import { html } from 'hono/html'
import type { DescribedEntry, JudgedCheck } from '../../journal/describe-entry.ts'
import type { Html } from '../html.ts'

/** What the judge asked, in order, and what the service says. */
export function verdict({ checks, message, advice, aadsts }: DescribedEntry): Html {
  const in_ = (state: JudgedCheck['state']) => checks.filter((check) => check.state === state)
  const [passed, notReached] = [in_('passed'), in_('not reached')]
  return html`<section class="card" aria-labelledby="verdict"><div class="card-head"><h2 id="verdict">Verdict</h2>
<p class="soft">${checks.length} checks, in the order of the judgement</p></div>
<div class="card-body">
${list('passed', 'Passed', passed)}
${checks.map((check) => (check.state === 'failed' ? failed(check, message, advice, aadsts) : ''))}
${list('idle', 'Not reached', notReached)}
</div></section>`
}

function list(kind: string, title: string, checks: readonly JudgedCheck[]): Html | '' {
  if (checks.length === 0) return ''
  return html`<div><h3>${title} (${checks.length})</h3><ol class="checks ${kind}">${checks.map(({ name }) => html`<li>${name}</li>`)}</ol></div>`
}

function failed(
  { name, expected, found }: Extract<JudgedCheck, { state: 'passed' | 'failed' }>,
  message: string | undefined,
  advice: DescribedEntry['advice'],
  aadsts: number | undefined,
): Html {
  return html`<div class="failed-check"><h3><span aria-hidden="true">✗ </span>Failed: ${name}</h3>
<dl class="facts">
${expected === undefined ? '' : html`<dt>Expected</dt><dd><code>${expected || 'nothing'}</code></dd>`}
${found === undefined ? '' : html`<dt>Came</dt><dd><code>${found || 'nothing'}</code></dd>`}
<dt>What it means</dt><dd>${advice?.means}</dd>
<dt>How to fix it</dt><dd>${advice?.fix}</dd>
<dt>Service says</dt><dd>${message}</dd>
<dt>More</dt><dd><code>x5t explain ${aadsts}</code></dd>
</dl></div>`
}
