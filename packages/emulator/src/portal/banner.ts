import { html } from 'hono/html'
import type { Services } from '../routes/route.ts'
import type { Html } from './html.ts'
import { paths } from './paths.ts'
import { span } from './time-words.ts'

/** On every page while something is not as it would be by itself: nobody is to debug a fault that they forgot. */
export function banner({ sky, clock }: Services): Html | '' {
  const armed = sky.armed()
  const { offsetSeconds, frozen } = clock.describe()
  const moved = Math.abs(offsetSeconds) >= 1
  if (armed.length === 0 && !moved && !frozen) return ''
  const kinds = [...new Set(armed.map(({ kind }) => kind))].join(', ')
  const sentences = [
    armed.length === 1 ? `1 fault is armed: ${kinds}.` : '',
    armed.length > 1 ? `${armed.length} faults are armed: ${kinds}.` : '',
    moved
      ? `The clock is ${span(Math.abs(offsetSeconds) * 1000)} ${offsetSeconds < 0 ? 'behind' : 'ahead'}.`
      : '',
    frozen ? 'The clock stands still.' : '',
  ]
  return html`<aside class="banner" aria-label="Weather"><p><strong>Not as usual:</strong>
${sentences.filter((sentence) => sentence !== '').join(' ')} <a href="${paths.weather}">Look at the weather</a></p></aside>`
}
