import { type Answer, answer, type Expected, error, type Fault, granted, ok } from './fault.ts'

const minute = 60_000
/** Entra allows five minutes either way. */
const toleranceMs = 5 * minute
const refusal = { error: 'invalid_client', error_codes: [700024] }

/** Judges the assertion's time as Entra does. `lieMs` is added to the `Date` of the answer; `null` sends none. */
const strict =
  (lieMs: number | null = 0): Answer =>
  (visit) => {
    const { nbf, exp } = visit.assertion
    const now = Date.now()
    const inTime = nbf * 1_000 <= now + toleranceMs && exp * 1_000 >= now - toleranceMs
    visit.response.sendDate = false
    const date: Record<string, string> = lieMs === null ? {} : { date: new Date(now + lieMs).toUTCString() }
    if (inTime)
      answer(200, '{"token_type":"Bearer","expires_in":3600,"access_token":"the-token"}', date)(visit)
    else error(401, refusal, date)(visit)
  }

const refused: Expected = { code: 'ERR_ENTRA_REFUSED', aadsts: 700024, status: 401, requests: 1 }
const page = answer(502, '<html>', {
  'content-type': 'text/html',
  date: new Date(Date.now() + 90 * minute).toUTCString(),
})

/** Clocks that disagree. */
export const clocks: readonly Fault[] = [
  { name: 'a clock 20 minutes slow', skewMs: -20 * minute, answers: [strict()], expected: ok(2) },
  { name: 'a clock 10 minutes fast', skewMs: 10 * minute, answers: [strict()], expected: ok(2) },
  { name: 'a clock 20 minutes fast', skewMs: 20 * minute, answers: [strict()], expected: ok(2) },
  {
    name: 'a clock 10 minutes slow, which is within what is allowed',
    skewMs: -10 * minute,
    answers: [strict()],
    expected: ok(),
  },
  { name: 'a clock a year slow', skewMs: -365 * 1_440 * minute, answers: [strict()], expected: ok(2) },
  {
    name: 'a clock that is corrected once and for all',
    skewMs: 20 * minute,
    answers: [strict()],
    calls: 3,
    expected: ok(4),
  },
  {
    name: 'a clock 20 minutes fast and a server without Date',
    skewMs: 20 * minute,
    answers: [strict(null)],
    expected: refused,
  },
  { name: 'a Date that lies by an hour', answers: [strict(60 * minute)], calls: 3, expected: ok(4) },
  {
    name: 'a Date that lies by ten years',
    answers: [strict(3_650 * 1_440 * minute)],
    calls: 3,
    expected: ok(4),
  },
  { name: 'a page of a proxy whose Date lies', answers: [page, strict()], expected: ok(2) },
  {
    name: 'a Date that is none',
    answers: [
      answer(200, '{"token_type":"Bearer","expires_in":3600,"access_token":"the-token"}', {
        date: 'yesterday',
      }),
      strict(),
    ],
    calls: 2,
    expected: ok(2),
  },
  { name: '700024 for a clock that is right', answers: [error(401, refusal)], expected: refused },
  {
    name: '700024 for ever',
    skewMs: 20 * minute,
    answers: [error(401, refusal)],
    expected: { ...refused, requests: 2 },
  },
  {
    name: 'a server without AADSTS numbers and a clock 20 minutes slow',
    skewMs: -20 * minute,
    answers: [error(401, { error: 'invalid_client' }), granted],
    expected: ok(2),
  },
]
