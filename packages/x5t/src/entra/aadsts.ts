/** What this side knows about the request that was refused; it turns a number into advice. */
export interface RequestFacts {
  readonly clientId: string
  readonly tenant: string
  /** The certificate that signed, by the names under which the portal lists it. */
  readonly thumbprintSha1Hex: string
  readonly thumbprintSha256: string
}

export interface Advice {
  /** One clause, in the place of "host answered 401". */
  readonly summary: string
  readonly hint: string
}

type Entry = readonly [summary: string, hint: string | ((facts: RequestFacts) => string)]

/**
 * AADSTS numbers an app-only client meets. The numbers choose words and nothing else: Microsoft says they may change.
 * Entra: reference-error-codes, and answers seen in the wild.
 */
const entries: Readonly<Record<number, Entry>> = {
  700027: [
    'Entra cannot verify the client assertion with a certificate of this app',
    (facts) =>
      `compare thumbprint ${facts.thumbprintSha1Hex} (SHA-256 ${facts.thumbprintSha256}) with App registrations > ` +
      `Certificates & secrets of app ${facts.clientId}; a certificate uploaded less than five minutes ago may need a moment`,
  ],
  700024: ['Entra finds the client assertion outside its time range', 'set the clock of this machine'],
  700023: [
    'Entra does not accept the audience of the client assertion',
    'check the authority host and the tenant',
  ],
  700021: ['the client assertion names another app than the request', 'check the client id'],
  700016: [
    'Entra does not know this app in this tenant',
    (facts) =>
      `check that app ${facts.clientId} is registered in, or consented to by, tenant ${facts.tenant}; ` +
      'a new registration may need a minute',
  ],
  700038: ['the client id is not one an app can have', 'check the client id'],
  7000229: [
    'the app has no service principal in this tenant',
    (facts) => `create it: az ad sp create --id ${facts.clientId}`,
  ],
  7000112: ['the app is disabled', 'enable it under Enterprise applications > Properties'],
  700025: ['the app is registered as a public client', 'set "allow public client flows" to no'],
  700030: [
    'the subject of the certificate is not one the app trusts',
    'check trustedSubjectNameAndIssuers of the registration',
  ],
  7000213: [
    'Entra does not trust the chain of the certificate',
    'send the chain of the issuing CA (sendCertificateChain)',
  ],
  5002723: ['the client assertion names no certificate', 'report this as a bug'],
  5002738: ['Entra does not accept the signature algorithm', 'use an RSA key and algorithm PS256 or RS256'],
  90002: [
    'Entra does not know this tenant',
    'check the tenant id, and that the authority is the right cloud',
  ],
  900023: ['the tenant is neither a GUID nor a domain Entra knows', 'check the tenant id'],
  500011: [
    'the resource does not exist in this tenant',
    'check the spelling of the scope or resource, and that the API has a service principal in this tenant',
  ],
  500014: [
    'the service principal of the resource is disabled',
    'ask the administrator of the API to enable it',
  ],
  501051: [
    'the app has no role on this resource, and the resource requires one',
    'grant an app role and admin consent',
  ],
  1002012: ['the scope must end with /.default', 'ask for the resource as a whole: <resource>/.default'],
  70011: ['Entra does not accept the scope', 'use <resource>/.default'],
  700022: ['the scope names two resources', 'ask for one resource at a time'],
  53003: [
    'a Conditional Access policy blocks this app',
    'see the service principal sign-in logs of the tenant',
  ],
  100007: ['regional endpoints serve only some apps', 'use the global authority'],
}

/** Words for the first of `errorCodes` that is known. */
export function adviseOn(errorCodes: readonly number[], facts: RequestFacts): Partial<Advice> {
  const code = errorCodes.find((number) => entries[number] !== undefined)
  const entry = code === undefined ? undefined : entries[code]
  if (entry === undefined) return {}
  const [summary, hint] = entry
  return { summary, hint: typeof hint === 'string' ? hint : hint(facts) }
}
