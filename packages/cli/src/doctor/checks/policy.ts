import { getSecured } from '../../network/get-secured.ts'
import { plain } from '../../plain.ts'
import { isLoopback } from '../../token-url.ts'
import { defineCheck, type Facts, type Finding } from '../check.ts'
import { timeoutMs } from '../limits.ts'
import { nextName } from '../next-pair.ts'

const readers = [
  'Policy.Read.All',
  'Policy.Read.ApplicationConfiguration',
  'Policy.ReadWrite.ApplicationConfiguration',
]
const graphAppId = '00000003-0000-0000-c000-000000000000'
const dayMs = 86_400_000

/** Entra: the tenant may bound how long a certificate lives; Graph refuses one that lives longer when it is added. */
export const policy = defineCheck({
  name: 'policy',
  proves: "the certificate's life is within what the tenant allows",
  needs: ['settings', 'identity', 'certificate', 'claims', 'answer'],
  waits: true,
  async run({ settings, identity, certificate, claims, answer }, { io }): Promise<Finding> {
    const roles = Array.isArray(claims.roles) ? claims.roles : []
    if (!isForGraph(claims) || !roles.some((role) => readers.includes(String(role)))) {
      return {
        proof: 'not known: reading it takes a token for Microsoft Graph with Policy.Read.All',
        skipped: true,
      }
    }
    const origin = isLoopback(identity.authority) ? identity.authority.origin : graphOf(claims)
    const read = async (path: string) => {
      const headers = { authorization: `Bearer ${answer.accessToken ?? ''}` }
      const { status, body } = await getSecured(new URL(path, origin), headers, settings, io, timeoutMs)
      return status === 200 ? Object(JSON.parse(body)) : {}
    }
    const found = await inForce(read, identity.clientId).catch(() => undefined)
    if (found === undefined) return { proof: `${new URL(origin).host} does not say`, skipped: true }
    const { limits, of } = found
    const days = Math.round((certificate.notAfter - certificate.notBefore) / dayMs)
    if (limits.length === 0) return { proof: `no limit; this certificate lives ${days} days` }
    const shortest = Math.min(...limits)
    const proof = `${shortest} days at most; this certificate lives ${days}`
    if (days <= shortest) return { proof }
    const message = `the certificate lives ${days} days, and the policy of the ${of} allows ${shortest}`
    const hints = [
      `the next one must be shorter: x5t cert new --name ${nextName(settings)} --days ${shortest}`,
    ]
    return { proof, problems: [{ severity: 'warning', message, hints }] }
  },
})

function isForGraph({ aud }: Facts['claims']): boolean {
  return aud === graphAppId || /^https:\/\/(dod-)?graph\.microsoft\.(com|us)\/?$/.test(String(aud))
}

function graphOf({ aud }: Facts['claims']): string {
  const text = String(aud)
  return URL.canParse(text) && text.startsWith('https:')
    ? new URL(text).origin
    : 'https://graph.microsoft.com'
}

interface InForce {
  /** Days, of each rule for key credentials that is in force. */
  readonly limits: readonly number[]
  readonly of: 'app' | 'tenant'
}

/**
 * The policy that is assigned to the app, else the tenant's. A token that may not read the app knows the tenant's only.
 *
 * @returns Undefined where the answer is no policy.
 */
async function inForce(
  read: (path: string) => Promise<Record<string, unknown>>,
  clientId: string,
): Promise<InForce | undefined> {
  const { value } = await read(
    `/v1.0/applications(appId='${encodeURIComponent(clientId)}')/appManagementPolicies`,
  )
  const [own] = Array.isArray(value) ? value.map(Object) : []
  if (own?.isEnabled === true) return { limits: limitsOf(own.restrictions), of: 'app' }
  const { isEnabled, applicationRestrictions } = await read('/v1.0/policies/defaultAppManagementPolicy')
  if (isEnabled === undefined) return undefined
  return { limits: isEnabled === true ? limitsOf(applicationRestrictions) : [], of: 'tenant' }
}

function limitsOf(restrictions: unknown): number[] {
  const rules: unknown[] = Object(restrictions).keyCredentials ?? []
  return rules.flatMap((rule) => {
    const { restrictionType, state, maxLifetime } = Object(rule)
    if (restrictionType !== 'asymmetricKeyLifetime' || state === 'disabled') return []
    const days = daysOf(plain(String(maxLifetime)))
    return days === undefined ? [] : [days]
  })
}

/** ISO 8601 durations of years, months, weeks and days, as policies have them. */
function daysOf(duration: string): number | undefined {
  const parts = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,6})D)?(?:T.*)?$/.exec(duration)
  if (parts === null) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return years * 365 + months * 30 + weeks * 7 + days
}
