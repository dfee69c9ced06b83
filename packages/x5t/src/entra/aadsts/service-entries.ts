import type { AadstsEntries } from './entry.ts'

const later = {
  hint: 'ask again later, with growing pauses',
  causes: ['the service is busy or out of order for a moment'],
  source: 'reference',
  transient: true,
} as const

/** The service itself: busy, throttled, out of order. */
export const serviceEntries: AadstsEntries = {
  50000: { ...later, summary: 'the sign-in service has a problem' },
  50033: { ...later, summary: 'a transient error of the service' },
  90006: { ...later, summary: 'a transient error of the service' },
  90024: { ...later, summary: 'a transient error of the service' },
  90033: { ...later, summary: 'a transient error of the service' },
  90090: { ...later, summary: 'a transient error of the service' },
  90055: {
    ...later,
    summary: 'too many requests for the tenant',
    causes: ['tokens are not cached: one request for each call of the API'],
  },
  50196: {
    ...later,
    summary: 'the same request came too often',
    hint: 'keep the token, and wait at least half a minute before the next request',
    causes: ['tokens are not cached', 'a program that starts again and again'],
  },
}
