import { refusal } from '../refusal/refusal.ts'
import { judgeAssertion } from './assertion/client-assertion.ts'
import { basicCredentials, judgeSecret } from './client-secret.ts'
import type { Client, Grant, Hearing } from './hearing.ts'

/** RFC 7523 section 2.2. */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Whether the client is who it says: by a client assertion, else by a secret in the body or in a Basic header. */
export async function judgeCredential(
  hearing: Hearing,
  client: Client,
): Promise<Pick<Grant, 'authenticatedBy' | 'certificate'>> {
  const { authorization, form } = hearing.request
  const { fields } = form
  const assertion = fields.get('client_assertion')
  const secret = fields.get('client_secret') ?? basicCredentials(authorization)?.secret
  hearing.require('a credential is there', assertion || secret, refusal(7000216))
  hearing.require('the client is confidential', !client.application.publicClient, refusal(700025))
  if (assertion) {
    const type = fields.get('client_assertion_type')
    hearing.require(
      'client_assertion_type is jwt-bearer',
      type === jwtBearer,
      refusal(900144, { field: 'client_assertion_type' }),
      { expected: jwtBearer, found: type },
    )
    return {
      authenticatedBy: 'certificate',
      certificate: await judgeAssertion(hearing, client, assertion),
    }
  }
  judgeSecret(hearing, client, secret ?? '')
  return { authenticatedBy: 'secret', certificate: undefined }
}
