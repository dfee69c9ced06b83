import type { CheckName } from '../../judge/steps.ts'
import { assertionAdvice } from './assertion-advice.ts'
import { requestAdvice } from './request-advice.ts'

/** What a failed check is about, for somebody who meets it for the first time. */
export interface Advice {
  readonly means: string
  readonly fix: string
}

/** No check is without: a missing one does not compile. */
const advice: Readonly<Record<CheckName, Advice>> = { ...requestAdvice, ...assertionAdvice }

export const adviceFor = (name: CheckName): Advice => advice[name]
