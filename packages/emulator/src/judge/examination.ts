import { type PreparedRefusal, Refused } from '../refusal/refusal.ts'
import type { CheckName } from './steps.ts'

/** One question the judge asked of a request, and the answer. Holds no secret, no assertion and no token. */
export interface Check {
  /** A fact that must hold, as `the tenant is known`. */
  readonly name: CheckName
  readonly passed: boolean
  readonly expected?: string | undefined
  readonly found?: string | undefined
}

/** Asks questions in order, writes down each answer, and stops at the first that fails. */
export interface Examination {
  readonly checks: readonly Check[]
  /**
   * @param holds - Any truthy value passes.
   * @param otherwise - What Entra answers when it does not hold.
   * @throws Refused
   */
  require(
    name: CheckName,
    holds: unknown,
    otherwise: PreparedRefusal,
    seen?: { expected?: string | undefined; found?: string | undefined },
  ): asserts holds
}

export function createExamination(): Examination {
  const checks: Check[] = []
  return {
    checks,
    require(name, holds, otherwise, seen) {
      checks.push({ name, passed: Boolean(holds), ...seen })
      if (!holds) throw new Refused(otherwise)
    },
  }
}
