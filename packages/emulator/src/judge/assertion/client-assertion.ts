import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'
import { refusal } from '../../refusal/refusal.ts'
import type { Client, Hearing } from '../hearing.ts'
import { signatureAlgorithms } from './algorithms.ts'
import { judgeAudience } from './audience.ts'
import { parseJws } from './jws.ts'
import { judgeKey } from './key.ts'
import { judgeParties } from './parties.ts'
import { judgeSubjectName } from './subject-name.ts'
import { thumbprintsOf } from './thumbprints.ts'
import { judgeTime } from './time.ts'

/**
 * A client assertion, RFC 7523 section 3, judged as Entra does.
 *
 * @returns The registered certificate whose key signed it; undefined where trust is by subject name and issuer.
 */
export async function judgeAssertion(
  hearing: Hearing,
  client: Client,
  assertion: string,
): Promise<RegisteredCertificate | undefined> {
  const jws = parseJws(assertion)
  hearing.require('the assertion is a JWT', jws, refusal(50027))
  const { header } = jws
  const { alg } = header
  hearing.require('alg is a text', typeof alg === 'string', refusal(50027))
  const algorithm = signatureAlgorithms.get(alg)
  hearing.require('the algorithm is taken', algorithm, refusal(5002738, { algorithm: alg }), {
    expected: () => [...signatureAlgorithms.keys()].join(' or '),
    found: alg,
  })
  const thumbprints = thumbprintsOf(header)
  const trustsNames = client.application.trustedSubjects.length > 0 && header.x5c !== undefined
  hearing.require('the header names a key', thumbprints.named || trustsNames, refusal(5002723))
  judgeParties(hearing, client, jws.claims)
  judgeAudience(hearing, client.tenant, jws.claims)
  judgeTime(hearing, jws.claims)
  if (!trustsNames) return judgeKey(hearing, client, jws, algorithm, thumbprints)
  await judgeSubjectName(hearing, client.application, jws, algorithm)
  return undefined
}
