import { origin, otherTenantId, tenantId } from '../../support/stage.ts'
import { type Case, posting, registered, sending } from './case.ts'

const basic = (clientId: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
})
const noAssertion = { client_assertion: undefined, client_assertion_type: undefined }
const json = { 'content-type': 'application/json' }

/** Faults of the address, the form and the client. */
export const requestCases: readonly Case[] = [
  {
    what: 'a tenant that is no name',
    send: sending({}, '/nobody/oauth2/v2.0/token'),
    aadsts: 900023,
    text: /^Specified tenant identifier 'nobody' is neither a valid DNS name/,
  },
  {
    what: 'a placeholder as tenant',
    send: sending({}, '/%3Ctenant%3E/oauth2/v2.0/token'),
    aadsts: 90013,
    text: /^Invalid input/,
  },
  {
    what: 'an unknown tenant',
    send: sending({}, '/fabrikam.example/oauth2/v2.0/token'),
    aadsts: 90002,
    text: /^Tenant 'fabrikam\.example' not found\. Check to make sure/,
  },
  {
    what: 'common as tenant of an unknown client',
    send: sending({ client_id: 'x' }, '/common/oauth2/v2.0/token'),
    aadsts: 50059,
    text: /^No tenant-identifying information/,
  },
  {
    what: 'common as tenant of a multi-tenant client',
    send: async (stage) => {
      const { appId } = stage.control.addApp({ name: 'everywhere', multiTenant: true })
      return sending({ client_id: appId }, '/Organizations/oauth2/token')(stage)
    },
    aadsts: 50059,
    text: /^No tenant-identifying information/,
  },
  {
    what: 'common as tenant of a single-tenant client',
    send: sending({}, '/common/oauth2/v2.0/token'),
    aadsts: 50194,
    text: /^Application '[-0-9a-f]{36}'\(billing\) is not configured as a multi-tenant application\./,
  },
  {
    what: 'GET',
    send: (stage) => stage.get(`/${tenantId}/oauth2/v2.0/token`),
    aadsts: 900561,
    text: /^The endpoint only accepts POST requests\. Received a GET request\./,
  },
  {
    what: 'a JSON body',
    send: posting('{"grant_type":"client_credentials"}', json),
    aadsts: 900144,
    text: /parameter: 'grant_type'\./,
  },
  { what: 'an empty body', send: posting(''), aadsts: 900144, text: /parameter: 'grant_type'\./ },
  {
    what: 'no grant_type',
    send: sending({ grant_type: undefined }),
    aadsts: 900144,
    text: /parameter: 'grant_type'\./,
  },
  {
    what: 'another grant_type',
    send: sending({ grant_type: 'password' }),
    aadsts: 70003,
    text: /^The app requested an unsupported grant type 'password'\./,
  },
  {
    what: 'a field that comes twice',
    send: async (stage) => stage.post(`${await stage.form()}&scope=x`),
    aadsts: 9000411,
    text: /The parameter 'scope' is duplicated\./,
  },
  { what: 'a broken escape', send: posting('grant_type=%zz'), aadsts: 9002313, text: /^Invalid request\./ },
  { what: 'bytes that are no UTF-8', send: posting('x=%ff%fe'), aadsts: 9002313, text: /^Invalid request\./ },
  {
    what: 'a body beyond the limit',
    send: posting(`grant_type=${'x'.repeat(70_000)}`),
    aadsts: 9002313,
    text: /^Invalid request\./,
  },
  {
    what: 'claims that are no JSON',
    send: sending({ claims: '{' }),
    aadsts: 9002313,
    text: /^Invalid request\./,
  },
  {
    what: 'no client_id',
    send: sending({ client_id: undefined }),
    aadsts: 900144,
    text: /parameter: 'client_id'\./,
  },
  {
    what: 'two clients in one request',
    send: async (stage) => posting(undefined, basic('d1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de', 'secret'))(stage),
    aadsts: 7000110,
    text: /^Request is ambiguous, multiple application identifiers found\./,
  },
  {
    what: 'an unknown client',
    send: sending({ client_id: 'd1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de' }),
    aadsts: 700016,
    text: /^Application with identifier 'd1f1c2ab-[^']*' was not found in the directory 'contoso\.onmicrosoft\.com'\./,
  },
  {
    what: 'a client of another tenant',
    send: registered({ tenantId: otherTenantId }),
    aadsts: 700016,
    text: /^Application with identifier/,
  },
  {
    what: 'a client id that is no GUID',
    send: sending({ client_id: 'billing' }),
    aadsts: 700016,
    text: /^Application with identifier 'billing' was not found/,
  },
  {
    what: 'a client id that no application can have',
    send: sending({ client_id: '00000000-0000-0000-0000-000000000000' }),
    aadsts: 700038,
    text: /^00000000-0000-0000-0000-000000000000 is not a valid application identifier\./,
  },
  {
    what: 'a client without service principal',
    send: registered({ withoutServicePrincipal: true }),
    aadsts: 7000229,
    text: /is missing service principal in the tenant 8c5a3a1e-/,
  },
  {
    what: 'a multi-tenant client that is not present in the tenant',
    send: registered({ tenantId: otherTenantId, multiTenant: true }),
    aadsts: 7000229,
    text: /is missing service principal in the tenant 8c5a3a1e-/,
  },
  {
    what: 'a disabled client',
    send: registered({ disabled: true }),
    aadsts: 7000112,
    text: /^Application '[-0-9a-f]{36}'\(billing\) is disabled\./,
  },
  {
    what: 'a request from a web page',
    send: posting(undefined, { origin }),
    aadsts: 90023,
    text: /^Cross-origin token redemption is permitted only/,
  },
  {
    what: 'resource at the v2 endpoint',
    send: sending({ resource: 'https://graph.microsoft.com' }),
    aadsts: 901002,
    text: /^The 'resource' request parameter is not supported\./,
  },
  { what: 'no scope', send: sending({ scope: undefined }), aadsts: 900144, text: /parameter: 'scope'\./ },
  { what: 'a blank scope', send: sending({ scope: ' ' }), aadsts: 900144, text: /parameter: 'scope'\./ },
  {
    what: 'no resource at the v1 endpoint',
    send: sending({}, `/${tenantId}/oauth2/token`),
    aadsts: 900144,
    text: /parameter: 'resource'\./,
  },
  {
    what: 'no credential',
    send: sending(noAssertion),
    aadsts: 7000216,
    text: /is required for the 'client_credentials' grant type\./,
  },
  {
    what: 'a public client with a credential',
    send: registered({ publicClient: true }),
    aadsts: 700025,
    text: /^Client is public so neither/,
  },
  {
    what: 'an assertion without its type',
    send: sending({ client_assertion_type: undefined }),
    aadsts: 900144,
    text: /parameter: 'client_assertion_type'\./,
  },
  {
    what: 'an assertion of another type',
    send: sending({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }),
    aadsts: 900144,
    text: /parameter: 'client_assertion_type'\./,
  },
  {
    what: 'a wrong secret',
    send: registered({ secrets: ['right'] }, { ...noAssertion, client_secret: 'wrong' }),
    aadsts: 7000215,
    text: /^Invalid client secret provided\. .* for a secret added to app '[-0-9a-f]{36}'\./,
  },
  {
    what: 'an expired secret',
    send: registered(
      { secrets: [{ value: 'old', endDateTime: '2026-09-14T08:12:31Z' }] },
      { ...noAssertion, client_secret: 'old' },
    ),
    aadsts: 7000222,
    text: /^The provided client secret keys for app '[-0-9a-f]{36}' are expired\./,
  },
]
