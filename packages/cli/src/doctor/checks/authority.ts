import type { Answer } from '../../network/get.ts'
import { getSecured } from '../../network/get-secured.ts'
import { reasonOf } from '../../network/reason.ts'
import { plain } from '../../plain.ts'
import { blocked, type DoctorContext, defineCheck, type Finding } from '../check.ts'
import { timeoutMs } from '../limits.ts'

export const authority = defineCheck({
  name: 'authority',
  proves: 'what answers is a token service: it publishes OpenID metadata',
  needs: ['settings', 'identity', 'trusted'],
  waits: true,
  async run(facts, context): Promise<Finding> {
    const { identity, settings } = facts
    const { origin, host } = identity.authority
    const path = identity.tenant === 'adfs' ? '/adfs' : `/${identity.tenant}/v2.0`
    const url = new URL(`${path}/.well-known/openid-configuration`, origin)
    let answer: Answer
    try {
      answer = await getSecured(url, {}, settings, context.io, timeoutMs)
    } catch (error) {
      const secured = `https://${host}`
      return blocked(`${host} does not answer the question for its metadata: ${reasonOf(error).reason}`, [
        ...(url.protocol === 'http:'
          ? [`it may speak https: use --authority ${secured}, or: x5t config set authority ${secured}`]
          : []),
        'try again; if it stays so, ask who runs the network of this machine',
      ])
    }
    return judge(answer, url, context)
  },
})

function judge(answer: Answer, { host, pathname }: URL, { io }: DoctorContext): Finding {
  const { status, headers } = answer
  const type = plain(String(headers['content-type'] ?? 'no content type')).slice(0, 60)
  const proof = `${status} ${type} from ${host}${pathname}`
  if (status >= 300 && status < 400) {
    const location = String(headers.location ?? '')
    const target = URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
    return blocked(`${host} redirects${target}: something else answers in its place`, stranger, proof)
  }
  if (status === 429 || status >= 500) {
    const retry =
      headers['retry-after'] === undefined ? '' : `, Retry-After: ${plain(String(headers['retry-after']))}`
    return blocked(
      status === 429
        ? `${host} throttles this machine (429${retry})`
        : `${host} is out of order (${status}${retry})`,
      ['wait and try again', 'see https://azure.status.microsoft/status where the service is the real one'],
      proof,
    )
  }
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    return blocked(`${host} answers with ${type} where a token service answers with JSON`, stranger, proof)
  }
  const date = Date.parse(String(headers.date ?? ''))
  const clockOffsetMs = Number.isNaN(date) ? undefined : date - io.now()
  return { proof, facts: { metadata: answer, ...(clockOffsetMs !== undefined && { clockOffsetMs }) } }
}

const stranger = [
  'open the address in a browser on this machine: a login page of the network, or a proxy, may answer',
  'check the authority: x5t config show',
]
