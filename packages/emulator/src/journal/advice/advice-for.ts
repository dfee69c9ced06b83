import type { CheckName } from '../../judge/steps.ts'
import type { Advice } from './advice.ts'
import { assertionAdvice } from './assertion-advice.ts'
import { requestAdvice } from './request-advice.ts'

/** No check is without: a missing one does not compile. */
const advice: Readonly<Record<CheckName, Advice>> = { ...requestAdvice, ...assertionAdvice }

export const adviceFor = (name: CheckName): Advice => advice[name]
