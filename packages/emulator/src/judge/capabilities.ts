import { refusal } from '../refusal/refusal.ts'
import type { Hearing } from './hearing.ts'

/**
 * Client capabilities in the `claims` parameter: `{"access_token":{"xms_cc":{"values":["cp1"]}}}`. All else in it asks
 * for nothing that an app-only token has here.
 */
export function requestedCapabilities(hearing: Hearing): readonly string[] {
  const claims = hearing.request.form.fields.get('claims')
  if (!claims) return []
  const asked = parsed(claims)
  hearing.require('claims is a JSON object', asked, refusal(9002313))
  const values = path(asked, 'access_token', 'xms_cc', 'values')
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function path(from: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, name)?.value
        : undefined,
    from,
  )
}
