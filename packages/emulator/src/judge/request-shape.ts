import { refusal } from '../refusal/refusal.ts'
import type { Hearing } from './hearing.ts'

/** Fields that decide the answer; each may come once. Others are nobody's business and may come as they like. */
const decisive = [
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
  'claims',
]

/** Method, body and grant type. */
export function judgeShape(hearing: Hearing): void {
  const { method, form, isForm } = hearing.request
  hearing.require('the method is POST', method === 'POST', refusal(900561, { method }), { found: method })
  const missing = refusal(900144, { field: 'grant_type' })
  hearing.require('the body is a form', isForm, missing)
  hearing.require('the body can be read', !form.malformed, refusal(9002313))
  const repeated = decisive.find((field) => form.repeated.has(field))
  hearing.require(
    'no field comes twice',
    repeated === undefined,
    refusal(9000411, { field: repeated ?? '' }),
    { found: repeated },
  )
  const grantType = form.fields.get('grant_type')
  hearing.require('grant_type is there', grantType, missing)
  hearing.require(
    'grant_type is client_credentials',
    grantType === 'client_credentials',
    refusal(70003, { grantType }),
    { expected: 'client_credentials', found: grantType },
  )
}

/** The field that names the audience, which the two endpoints spell differently. */
export function judgeAudienceField(hearing: Hearing): void {
  const { endpoint, form } = hearing.request
  if (endpoint === 'v2')
    hearing.require('v2 is not asked by resource', !form.fields.has('resource'), refusal(901002))
  const field = endpoint === 'v1' ? 'resource' : 'scope'
  hearing.require(`${field} is there`, form.fields.get(field)?.trim(), refusal(900144, { field }))
}
