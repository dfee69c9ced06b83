import { html } from 'hono/html'
import type { Services } from '../../routes/route.ts'
import type { Html } from '../html.ts'
import { paths } from '../paths.ts'
import { span } from '../time-words.ts'

const steps = [
  ['PT5M', '+5 min'],
  ['PT1H', '+1 h'],
  ['P1D', '+1 day'],
  ['P30D', '+30 days'],
  ['P365D', '+1 year'],
  ['-PT1H', '−1 h'],
] as const

/** The clock by which all is judged, so that a year passes in a moment. */
export function clockCard({ clock }: Services): Html {
  const { now, offsetSeconds, frozen } = clock.describe()
  const away =
    Math.abs(offsetSeconds) < 1
      ? 'as the machine’s'
      : `${span(Math.abs(offsetSeconds) * 1000)} ${offsetSeconds < 0 ? 'behind' : 'ahead of'} the machine’s`
  const button = (field: string, value: string, label: string) =>
    html`<form method="post" action="${paths.clock}"><input type="hidden" name="${field}" value="${value}"><button>${label}</button></form>`
  return html`<section class="card" aria-labelledby="clock"><div class="card-head"><h2 id="clock">Clock</h2><p><code>${now}</code> <span class="soft">${away}${frozen ? ', standing still' : ''}</span></p></div>
<div class="card-body"><div class="actions">${steps.map(([by, label]) => button('advance', by, label))}
${button('frozen', frozen ? 'false' : 'true', frozen ? 'Let it go' : 'Stop it')}${button('reset', 'true', 'Reset')}</div>
<form method="post" action="${paths.clock}"><div class="fields"><div class="field"><label for="set">Set to, UTC</label><input id="set" name="set" type="datetime-local" step="1" value="${now.slice(0, 19)}"></div><button>Set</button></div></form>
<p class="soft">Certificates expire, assertions age and tokens end by this clock; TLS goes by the machine’s.</p></div></section>`
}
