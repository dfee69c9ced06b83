import { createHash, type X509Certificate } from 'node:crypto'
import { html } from 'hono/html'
import type { Application } from '../../directory/application.ts'
import type { Html } from '../html.ts'
import { day, span } from '../time-words.ts'

/** What a certificate says of itself. */
export function certificateFacts(x509: X509Certificate): Html {
  const lines = (name: string | undefined) => (name ?? 'none').replaceAll('\n', ', ')
  const [from, until] = [Date.parse(x509.validFrom), Date.parse(x509.validTo)]
  return html`<dl class="facts">
<dt>Subject</dt><dd><code>${lines(x509.subject)}</code></dd>
<dt>Issuer</dt><dd><code>${x509.issuer === x509.subject ? 'itself' : lines(x509.issuer)}</code></dd>
<dt>Valid</dt><dd>${day(from)} until ${day(until)}, ${span(until - from)} in all</dd>
<dt>Key</dt><dd>${keyWords(x509)}</dd>
<dt>SHA-1</dt><dd><code>${createHash('sha1').update(x509.raw).digest('hex').toUpperCase()}</code></dd>
<dt>SHA-256</dt><dd><code>${createHash('sha256').update(x509.raw).digest('base64url')}</code></dd>
</dl>`
}

function keyWords({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  const type = publicKey.asymmetricKeyType ?? 'unknown'
  if (modulusLength !== undefined) return `${type.toUpperCase()}, ${modulusLength} bits`
  return namedCurve === undefined ? type : `elliptic curve ${namedCurve}`
}

/** What one should know before registering it; none of it forbids that, as Entra does not either. */
export function concerns(
  x509: X509Certificate,
  { certificates }: Application,
  now: number,
): readonly string[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey
  const [from, until] = [Date.parse(x509.validFrom), Date.parse(x509.validTo)]
  const found: readonly [boolean, string][] = [
    [certificates.some((one) => one.x509.raw.equals(x509.raw)), 'It is registered on this app already.'],
    [until < now, `It ended ${span(now - until)} ago: assertions that name it are refused.`],
    [from > now, `It begins in ${span(from - now)}: until then assertions that name it are refused.`],
    [
      type === 'ec',
      'Its key is an elliptic curve, and Entra takes no assertion signed by one (AADSTS5002738).',
    ],
    [type === 'rsa' && (details?.modulusLength ?? 0) < 2048, 'Its key is shorter than 2048 bits.'],
    [x509.ca, 'It is the certificate of an authority, which does not sign assertions as a rule.'],
  ]
  return found.filter(([holds]) => holds).map(([, words]) => words)
}
