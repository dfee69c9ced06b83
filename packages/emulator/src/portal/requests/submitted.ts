import { html } from 'hono/html'
import type { DescribedEntry } from '../../journal/describe-entry.ts'
import type { ShownAssertion, ShownField } from '../../journal/shown-form.ts'
import type { Html } from '../html.ts'

/** The request as it came: the address, the form, and the assertion in its three parts. */
export function submitted({ method, url, fields, assertion }: DescribedEntry): Html {
  return html`<section class="card" aria-labelledby="came"><div class="card-head"><h2 id="came">As it came</h2></div>
<div class="card-body"><p><code>${method} ${url}</code></p>
${fields.length === 0 ? html`<p class="soft">The body held no field that could be read.</p>` : html`<dl class="facts">${fields.map(field)}</dl>`}
${assertion === undefined ? '' : parts(assertion)}
</div></section>`
}

function field({ name, value, note }: ShownField): Html {
  return html`<dt><code>${name}</code></dt><dd>${value === undefined ? '' : html`<code>${value}</code> `}${
    note === undefined ? '' : html`<span class="soft">${value === undefined ? note : `(${note})`}</span>`
  }</dd>`
}

function parts({ headerPart, claimsPart, signatureLength, header, claims }: ShownAssertion): Html {
  return html`<h3>client_assertion, as sent</h3>
<pre class="wrap" tabindex="0"><span class="part-header">${headerPart}</span>.<span class="part-claims">${claimsPart}</span>.<span class="part-signature">[signature, ${signatureLength} characters, not shown]</span></pre>
<div class="part part-header"><h3>1 Header</h3>${json(header)}</div>
<div class="part part-claims"><h3>2 Claims</h3>${json(claims)}</div>
<div class="part part-signature"><h3>3 Signature</h3><p class="soft">${signatureLength} characters, not shown: with it, others could use the assertion while it lives.</p></div>`
}

const json = (value: object): Html =>
  html`<pre class="wrap" tabindex="0">${JSON.stringify(value, null, 2)}</pre>`
