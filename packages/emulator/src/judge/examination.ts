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

/** A text; a function where making it takes work, for most requests are never looked at. */
type Text = string | (() => string) | undefined

/** A check as the judge noted it. */
export interface Asked {
  readonly name: CheckName
  readonly passed: boolean
  readonly expected: Text
  readonly found: Text
}

/** Asks questions in order, writes down each answer, and stops at the first that fails. */
export interface Examination {
  readonly asked: readonly Asked[]
  /**
   * @param holds - Any truthy value passes.
   * @param otherwise - What Entra answers when it does not hold.
   * @throws Refused
   */
  require(
    name: CheckName,
    holds: unknown,
    otherwise: PreparedRefusal,
    seen?: { readonly expected?: Text; readonly found?: Text },
  ): asserts holds
}

export function createExamination(): Examination {
  const asked: Asked[] = []
  return {
    asked,
    require(name, holds, otherwise, seen) {
      asked.push({ name, passed: Boolean(holds), expected: seen?.expected, found: seen?.found })
      if (!holds) throw new Refused(otherwise)
    },
  }
}

export function checksOf(asked: readonly Asked[]): readonly Check[] {
  return asked.map(({ name, passed, expected, found }) => ({
    name,
    passed,
    expected: written(expected),
    found: written(found),
  }))
}

const written = (text: Text): string | undefined => (typeof text === 'function' ? text() : text)
