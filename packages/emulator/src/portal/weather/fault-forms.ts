import type { FaultKind } from '../../weather/fault.ts'

/** What a form asks about a fault beside scope and odds. */
export interface FaultForm {
  readonly title: string
  readonly does: string
  readonly inputs: readonly FaultInput[]
}

export interface FaultInput {
  /** As in the JSON route. */
  readonly name: string
  readonly label: string
  /** Of a number: what is there to begin with. Of text: undefined. */
  readonly value: string
  /** Text stays text; all else is read as a number. */
  readonly type: 'number' | 'text'
  /** The only values there are. */
  readonly choices?: readonly string[]
}

const number = (name: string, label: string, value: number | ''): FaultInput => ({
  name,
  label,
  value: String(value),
  type: 'number',
})
const choice = (
  name: string,
  label: string,
  choices: readonly string[],
  type: FaultInput['type'] = 'text',
): FaultInput => ({
  name,
  label,
  value: choices[0] ?? '',
  type,
  choices,
})

/** Every kind there is: a missing one does not compile. Bounds are checked where a fault is armed. */
export const faultForms: Readonly<Record<FaultKind, FaultForm>> = {
  latency: { title: 'Latency', does: 'The answer comes later.', inputs: [number('ms', 'Delay, ms', 1000)] },
  throttling: {
    title: 'Throttling',
    does: '429 with Retry-After.',
    inputs: [
      number('retryAfterSeconds', 'Retry-After, s', 5),
      choice('retryAfterForm', 'Written as', ['seconds', 'date']),
    ],
  },
  outage: {
    title: 'Outage',
    does: 'A server that fails.',
    inputs: [
      choice('status', 'Status', ['503', '500', '502', '504'], 'number'),
      choice('body', 'Body', ['html', 'empty', 'json']),
      number('retryAfterSeconds', 'Retry-After, s (none)', ''),
    ],
  },
  reset: {
    title: 'Connection reset',
    does: 'The connection breaks, before the headers or amid the body.',
    inputs: [choice('at', 'Breaks', ['headers', 'body'])],
  },
  html: { title: 'HTML instead of JSON', does: '200 and a page, as from a captive portal.', inputs: [] },
  empty: { title: 'Empty body', does: '200 and nothing.', inputs: [] },
  truncation: { title: 'Truncated JSON', does: 'The first half of the true answer.', inputs: [] },
  'content-type': {
    title: 'Wrong content type',
    does: 'The true answer under another type.',
    inputs: [{ name: 'contentType', label: 'Content type', value: 'text/plain', type: 'text' }],
  },
  slowness: {
    title: 'Slow bytes',
    does: 'The true answer, few bytes at a time.',
    inputs: [number('bytesPerSecond', 'Bytes per second', 100)],
  },
  'date-skew': {
    title: 'Wrong Date header',
    does: 'The Date header is off; clients learn their clock from it.',
    inputs: [number('seconds', 'Off by, s', 3600)],
  },
  propagation: {
    title: 'Propagation delay',
    does: 'Certificates are not known until so long after their registration.',
    inputs: [number('seconds', 'Delay, s', 60)],
  },
  'stale-keys': { title: 'Stale key sets', does: 'Key sets are without the key that signs.', inputs: [] },
  removal: {
    title: 'Late removal',
    does: 'Certificates are still known until so long after their removal.',
    inputs: [number('seconds', 'Delay, s', 60)],
  },
}
