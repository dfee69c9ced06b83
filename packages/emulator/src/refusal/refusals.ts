/** The OAuth `error` values that Entra answers with (RFC 6749 section 5.2 and Entra's own). */
export type OAuthError =
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_instance'
  | 'invalid_request'
  | 'invalid_resource'
  | 'invalid_scope'
  | 'invalid_tenant'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'

/** What Entra answers for one AADSTS number. */
export interface RefusalRow {
  readonly error: OAuthError
  readonly status: 400 | 401 | 429 | 500 | 503
  /** What follows `AADSTS{number}: `. A `{name}` is filled in for the case at hand. */
  readonly text: string
  /** Entra: numbers without a public page carry no `error_uri`. */
  readonly withoutUri?: true
}

const review =
  'Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .'

const notInstalled =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.'

/**
 * Every refusal this emulator knows, by AADSTS number.
 *
 * Entra: wording, `error` and status as observed in client libraries' recorded answers and in issue threads; texts
 * drift, so nothing may branch on them. Rows marked "guess" have no observation behind `error`, status or text.
 */
export const refusals = {
  // the address: tenant and host
  90013: { error: 'invalid_request', status: 400, text: 'Invalid input received from the user.' },
  900023: {
    error: 'invalid_request',
    status: 400,
    text: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
  },
  90002: {
    error: 'invalid_request',
    status: 400,
    text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  },
  50059: {
    error: 'invalid_request',
    status: 400,
    text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  // guess: the date
  50194: {
    error: 'invalid_request',
    status: 400,
    text: "Application '{appId}'({appName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  },
  50049: { error: 'invalid_instance', status: 400, text: 'Unknown or invalid instance.' },
  // guess: text
  50050: { error: 'invalid_request', status: 400, text: 'The discovery request is malformed.' },

  // the form
  // guess: status
  900561: {
    error: 'invalid_request',
    status: 400,
    text: 'The endpoint only accepts POST requests. Received a {method} request.',
  },
  9002313: {
    error: 'invalid_request',
    status: 400,
    text: 'Invalid request. Request is malformed or invalid.',
  },
  // guess: number and text
  9000411: {
    error: 'invalid_request',
    status: 400,
    text: "The request is not properly formatted. The parameter '{field}' is duplicated.",
  },
  900144: {
    error: 'invalid_request',
    status: 400,
    text: "The request body must contain the following parameter: '{field}'.",
  },
  70003: {
    error: 'unsupported_grant_type',
    status: 400,
    text: "The app requested an unsupported grant type '{grantType}'.",
    withoutUri: true,
  },
  901002: {
    error: 'invalid_request',
    status: 400,
    text: "The 'resource' request parameter is not supported.",
  },

  // the client
  // guess: `error`
  7000110: {
    error: 'invalid_client',
    status: 400,
    text: "Request is ambiguous, multiple application identifiers found. Application identifiers: '{first}, {second}'.",
  },
  700038: {
    error: 'unauthorized_client',
    status: 400,
    text: '{appId} is not a valid application identifier.',
    withoutUri: true,
  },
  700016: {
    error: 'unauthorized_client',
    status: 400,
    text: `Application with identifier '{appId}' was not found in the directory '{tenant}'. ${notInstalled} You may have sent your authentication request to the wrong tenant.`,
  },
  7000229: {
    error: 'invalid_client',
    status: 401,
    text: 'The client application {appId} is missing service principal in the tenant {tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119',
  },
  7000112: {
    error: 'unauthorized_client',
    status: 400,
    text: "Application '{appId}'({appName}) is disabled.",
  },
  90023: {
    error: 'invalid_request',
    status: 400,
    text: "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
  },

  // the credential
  7000216: {
    error: 'invalid_client',
    status: 401,
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  700025: {
    error: 'invalid_client',
    status: 401,
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  7000215: {
    error: 'invalid_client',
    status: 401,
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{appId}'.",
  },
  7000222: {
    error: 'invalid_client',
    status: 401,
    text: "The provided client secret keys for app '{appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  },

  // the client assertion
  50027: { error: 'invalid_request', status: 400, text: 'JWT token is invalid or malformed.' },
  5002738: {
    error: 'invalid_client',
    status: 401,
    text: "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256,RS384,RS512'",
  },
  5002723: {
    error: 'invalid_client',
    status: 401,
    text: 'Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.',
  },
  90014: {
    error: 'invalid_request',
    status: 400,
    text: "The required field '{field}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
  },
  700021: {
    error: 'invalid_client',
    status: 401,
    text: `Client assertion application identifier doesn't match 'client_id' parameter. ${review}`,
  },
  // guess: `error` and status
  50048: {
    error: 'invalid_client',
    status: 401,
    text: 'Subject mismatches Issuer claim in the client assertion.',
  },
  50171: {
    error: 'invalid_client',
    status: 401,
    text: 'The given audience can only be used in Mutual-TLS token calls.',
    withoutUri: true,
  },
  700023: {
    error: 'invalid_client',
    status: 401,
    text: `Client assertion audience claim does not match Realm issuer. ${review}`,
  },
  700024: {
    error: 'invalid_client',
    status: 401,
    text: `Client assertion is not within its valid time range. Current time: {now}, assertion valid from {notBefore}, expiry time of assertion {expiry}. ${review}`,
  },
  700027: {
    error: 'invalid_client',
    status: 401,
    text: "{summary} [Reason - {reason}{details}, Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{appId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/{appId}'].",
  },
  7000213: { error: 'invalid_client', status: 401, text: 'Invalid certificate chain.' },
  700030: {
    error: 'invalid_client',
    status: 401,
    text: 'Invalid certificate - subject name in certificate is not authorized. SubjectNames/SubjectAlternativeNames (up to 10) in token certificate are: {names}.',
  },

  // the resource, and the client’s way to it
  70011: {
    error: 'invalid_scope',
    status: 400,
    text: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
    withoutUri: true,
  },
  1002012: {
    error: 'invalid_scope',
    status: 400,
    text: 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  // guess: text
  700022: {
    error: 'invalid_scope',
    status: 400,
    text: "The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope {scope} is not valid.",
  },
  500011: {
    error: 'invalid_resource',
    status: 400,
    text: `The resource principal named {resource} was not found in the tenant named {tenant}. ${notInstalled} You might have sent your authentication request to the wrong tenant.`,
  },
  // guess: `error`
  500014: {
    error: 'invalid_resource',
    status: 400,
    text: "The service principal for resource '{resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.",
  },
  501051: {
    error: 'invalid_grant',
    status: 400,
    text: "Application '{appId}'({appName}) is not assigned to a role for the application '{resourceAppId}'({resourceName}).",
  },
  // guess: `error`
  53003: {
    error: 'invalid_grant',
    status: 400,
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },

  // armed weather; guess: `error` and text of the first, status of the second
  90055: {
    error: 'temporarily_unavailable',
    status: 429,
    text: 'The request was throttled: there are too many requests for this tenant.',
  },
  90033: {
    error: 'temporarily_unavailable',
    status: 503,
    text: 'A transient error has occurred. Please try again.',
  },

  // a fault of the emulator itself; guess: status, and the end of the text
  50000: { error: 'server_error', status: 500, text: 'There was an error issuing a token.' },
} as const satisfies Record<number, RefusalRow>
