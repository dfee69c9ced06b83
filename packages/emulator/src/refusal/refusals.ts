/** What fills the braces of a refusal's text. */
export type RefusalValues = Readonly<Record<string, string>>

interface Row {
  /** OAuth `error`. */
  readonly error: string
  readonly status: number
  readonly text: (values: RefusalValues) => string
  /** Entra: no `error_uri` where a code has no public text. */
  readonly withoutUri?: true
}

const certificateDocs = 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials'

/**
 * Entra's refusals by AADSTS number. Texts and statuses are observed or documented ones, except where a line says
 * "guess": docs/emulator.md lists those.
 */
export const refusals = {
  // the tenant
  90002: row(
    'invalid_request',
    400,
    ({ tenant }) =>
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  ),
  900023: row(
    'invalid_request',
    400,
    ({ tenant }) =>
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  ),
  90013: row('invalid_request', 400, () => 'Invalid input received from the user.'),
  50059: row(
    'invalid_request',
    400,
    () =>
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
  ),

  // the request
  900561: row(
    'invalid_request',
    400,
    ({ verb }) => `The endpoint only accepts POST requests. Received a ${verb} request.`,
  ),
  9002313: row('invalid_request', 400, () => 'Invalid request. Request is malformed or invalid.'),
  900144: row(
    'invalid_request',
    400,
    ({ name }) => `The request body must contain the following parameter: '${name}'.`,
  ),
  70003: row(
    'unsupported_grant_type',
    400,
    ({ grant }) => `The app requested an unsupported grant type '${grant}'.`,
    true,
  ),
  901002: row('invalid_request', 400, () => `The 'resource' request parameter is not supported.`),

  // the app
  700016: row(
    'unauthorized_client',
    400,
    ({ appId, tenant }) =>
      `Application with identifier '${appId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  ),
  700038: row(
    'unauthorized_client',
    400,
    ({ appId }) => `${appId} is not a valid application identifier.`,
    true,
  ),
  7000229: row(
    'invalid_client',
    401,
    ({ appId, tenant }) =>
      `The client application ${appId} is missing service principal in the tenant ${tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  ),
  7000112: row(
    'unauthorized_client',
    400,
    ({ appId, name }) => `Application '${appId}'(${name}) is disabled.`,
  ),
  700025: row(
    'invalid_client',
    401,
    () => `Client is public so neither 'client_assertion' nor 'client_secret' should be presented.`,
  ),

  // the credential
  7000216: row(
    'invalid_client',
    401,
    () =>
      `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
  ),
  7000215: row(
    'invalid_client',
    401,
    ({ appId }) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  ),
  7000222: row(
    'invalid_client',
    401,
    ({ appId }) =>
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  ),

  // the client assertion
  50027: row('invalid_request', 400, () => 'JWT token is invalid or malformed.'),
  5002738: row(
    'invalid_client',
    401,
    ({ algorithm }) =>
      `Invalid JWT token. '${algorithm}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256,RS384,RS512'`,
  ),
  5002723: row(
    'invalid_client',
    401,
    () =>
      'Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.',
  ),
  90014: row(
    'invalid_request',
    400,
    ({ name }) =>
      `The required field '${name}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.`,
  ),
  700021: row(
    'invalid_client',
    401,
    () =>
      `Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at ${certificateDocs} .`,
  ),
  50048: row('invalid_client', 401, () => 'Subject mismatches Issuer claim in the client assertion.'), // status is a guess
  700023: row(
    'invalid_client',
    401,
    () =>
      `Client assertion audience claim does not match Realm issuer. Review the documentation at ${certificateDocs} .`,
  ),
  50171: row('invalid_client', 401, () => 'The given audience can only be used in Mutual-TLS token calls.'),
  700024: row(
    'invalid_client',
    401,
    ({ now, from, until }) =>
      `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}. Review the documentation at ${certificateDocs} .`,
  ),
  700027: row('invalid_client', 401, keyRefused),

  // the resource
  1002012: row(
    'invalid_scope',
    400,
    ({ scope }) =>
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  ),
  70011: row(
    'invalid_scope',
    400,
    ({ scope }) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    true,
  ),
  700022: row(
    'invalid_scope',
    400,
    ({ scope }) =>
      `The provided value for the input parameter 'scope' is not valid. The scope ${scope} contains more than one resource.`,
  ), // first half is a guess
  500011: row(
    'invalid_resource',
    400,
    ({ resource, tenant }) =>
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  ),
  500014: row(
    'invalid_resource',
    400,
    ({ resource }) =>
      `The service principal for resource '${resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.`,
  ), // `error` is a guess
  501051: row(
    'invalid_grant',
    400,
    ({ appId, name, resourceAppId, resourceName }) =>
      `Application '${appId}'(${name}) is not assigned to a role for the application '${resourceAppId}'(${resourceName}).`,
  ),
  53003: row(
    'invalid_grant',
    400,
    () =>
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  ), // `error` is a guess

  // instance discovery
  50049: row('invalid_instance', 400, () => 'Unknown or invalid instance.'),
} as const satisfies Record<number, Row>

export type AadstsCode = keyof typeof refusals

function row(error: string, status: number, text: Row['text'], withoutUri?: true): Row {
  return { error, status, text, ...(withoutUri && { withoutUri }) }
}

/** Entra: the wording since 2025 for an unknown certificate, the older one for one that is known. */
function keyRefused({ reason = '', thumbprint, found = '', appId }: RefusalValues): string {
  const start =
    reason === 'The key was not found.'
      ? 'The certificate with identifier used to sign the client assertion is not registered on application.'
      : 'Client assertion failed signature validation.'
  return `${start} [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}', ${found}Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${appId}'].`
}
