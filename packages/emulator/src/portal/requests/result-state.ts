import type { EntrySummary } from '../../journal/describe-entry.ts'
import type { Html } from '../html.ts'
import { state } from '../state.ts'

/** How a request ended. */
export function resultState(result: EntrySummary['result']): Html {
  if (result === 'issued') return state('good', 'issued')
  return result === 'refused' ? state('bad', 'refused') : state('warn', 'not judged')
}
