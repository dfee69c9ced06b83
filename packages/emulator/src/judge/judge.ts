import { type Refusal, Refused, refusal } from '../refusal/refusal.ts'
import { requestedCapabilities } from './capabilities.ts'
import { judgeClient } from './client.ts'
import { judgeCredential } from './credential.ts'
import { type Asked, createExamination } from './examination.ts'
import type { Grant, Hearing, TokenRequest } from './hearing.ts'
import { judgeAudienceField, judgeShape } from './request-shape.ts'
import { judgeResource } from './resource.ts'
import { judgeTenant } from './tenant.ts'

/** What the judge asked, and what came of it: a grant or a refusal. */
export type Judgement = {
  /** In the order asked; where refused, the last one failed. */
  readonly asked: readonly Asked[]
} & (
  | { readonly grant: Grant; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly grant?: undefined }
)

/**
 * Judges a token request in a fixed order, from the path inwards, and stops at the first fault.
 *
 * Entra: the real order is not documented; this one explains every answer that was observed.
 */
export async function judge(
  request: TokenRequest,
  knowing: Pick<Hearing, 'directory' | 'now' | 'certificatesOf'>,
): Promise<Judgement> {
  const examination = createExamination()
  try {
    return { grant: await grantFor({ request, ...examination, ...knowing }), asked: examination.asked }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { refusal: error.refusal, asked: examination.asked }
  }
}

async function grantFor(hearing: Hearing): Promise<Grant> {
  const tenant = judgeTenant(hearing)
  judgeShape(hearing)
  const client = judgeClient(hearing, tenant)
  judgeAudienceField(hearing)
  const capabilities = requestedCapabilities(hearing)
  const proof = await judgeCredential(hearing, client)
  const { resource, requestedResource } = judgeResource(hearing, client)
  hearing.require(
    'Conditional Access lets the client in',
    !client.principal.blockedByConditionalAccess,
    refusal(53003),
  )
  return {
    endpoint: hearing.request.endpoint,
    tenant,
    client: client.principal,
    resource,
    requestedResource,
    capabilities,
    ...proof,
  }
}
