import type { CheckName } from '../../judge/steps.ts'
import type { Advice } from './advice.ts'
import type { AssertionCheckName } from './assertion-advice.ts'

/** On the address, the form, the client, its secret, and the resource. */
export const requestAdvice: Readonly<Record<Exclude<CheckName, AssertionCheckName>, Advice>> = {
  'the path names one tenant': {
    means: 'An app acts in one directory; common, organizations and consumers name none.',
    fix: 'Put the tenant’s id or one of its domains into the authority.',
  },
  'the tenant holds no placeholder': {
    means: 'The address still has the angle brackets of an example in it.',
    fix: 'Replace the placeholder by the tenant’s id or domain.',
  },
  'the tenant is a GUID or a domain': {
    means: 'The first segment of the path is neither a GUID nor a domain name.',
    fix: 'Use the tenant’s id, or a domain such as contoso.onmicrosoft.com.',
  },
  'the tenant is known': {
    means: 'No directory has this id or domain.',
    fix: 'Check the id for a typing error; Connect lists the tenants of this emulator.',
  },
  'the method is POST': {
    means: 'A token endpoint takes POST only.',
    fix: 'Send the parameters as a form in the body of a POST; look for a redirect that turned it into a GET.',
  },
  'the body is a form': {
    means: 'The content type is not application/x-www-form-urlencoded, so no parameter was read.',
    fix: 'Send a form, not JSON, and say so in the Content-Type header.',
  },
  'the body can be read': {
    means: 'The body is too long, or has an escape that cannot be decoded.',
    fix: 'Encode the form by a library: a bare percent sign or bytes that are not UTF-8 break it.',
  },
  'no field comes twice': {
    means: 'A parameter that decides the answer was sent more than once.',
    fix: 'Send it once; look for a library and your code both adding it.',
  },
  'grant_type is there': {
    means: 'The form does not say which grant it asks for.',
    fix: 'Send grant_type=client_credentials; an empty body looks the same.',
  },
  'grant_type is client_credentials': {
    means: 'This emulator plays the client credentials grant only.',
    fix: 'Send grant_type=client_credentials.',
  },
  'client_id is there': {
    means: 'The form does not say which app is asking.',
    fix: 'Send client_id: the application (client) id, not an object id.',
  },
  'client_id is the same everywhere': {
    means: 'The Basic header names another app than the form.',
    fix: 'Name the app in one place.',
  },
  'client_id can be an application': {
    means: 'The id is a placeholder: one digit throughout.',
    fix: 'Use the application (client) id of the app registration.',
  },
  'the application is known in the tenant': {
    means: 'No app of this tenant has the id: the wrong tenant, or an object id in place of the client id.',
    fix: 'Compare both ids with Certificates; a multi-tenant app must be installed in the tenant first.',
  },
  'the application has a service principal in the tenant': {
    means: 'The app is registered but not installed in this tenant.',
    fix: 'Create its service principal: az ad sp create --id with the client id.',
  },
  'the application is enabled': {
    means: 'An administrator has switched the app off in this tenant.',
    fix: 'Set accountEnabled of its service principal to true.',
  },
  'the request is not a web page’s': {
    means:
      'The request has an Origin header, as a browser adds it; a web page must not hold an app’s credential.',
    fix: 'Ask for the token on a server.',
  },
  'v2 is not asked by resource': {
    means: 'The v2 endpoint takes scope; resource belongs to v1.',
    fix: 'Send scope={resource}/.default, or ask /oauth2/token.',
  },
  'resource is there': {
    means: 'The v1 endpoint wants to know the API by its resource parameter.',
    fix: 'Send resource, or ask /oauth2/v2.0/token with a scope.',
  },
  'scope is there': {
    means: 'The form does not say for which API the token is to be.',
    fix: 'Send scope={resource}/.default.',
  },
  'claims is a JSON object': {
    means: 'The claims parameter is not JSON.',
    fix: 'Pass on the claims of the challenge decoded from base64, and form-encoded once.',
  },
  'a credential is there': {
    means: 'The form has neither client_assertion nor client_secret.',
    fix: 'Send a client assertion; look for a credential that was empty when it was read.',
  },
  'the client is confidential': {
    means: 'The app is registered as a public client, which has no credential to show.',
    fix: 'Set “Allow public client flows” to No, or register another app.',
  },
  'the secret is registered': {
    means: 'The app has no such client secret.',
    fix: 'Send the secret’s value, not its id; a value with + or % must be form-encoded.',
  },
  'the secret has not expired': {
    means: 'The client secret was valid once.',
    fix: 'Add a new one, or better: use a certificate.',
  },
  'the scope has valid characters': {
    means: 'The scope holds characters that no scope may have, such as quotes.',
    fix: 'Send it bare: {resource}/.default.',
  },
  'the scope ends in /.default': {
    means: 'An app gets all its roles at once: single permissions and delegated scopes cannot be asked for.',
    fix: 'Send {resource}/.default; grant the single roles to the app.',
  },
  'the scope names one resource': {
    means: 'A token is for one API.',
    fix: 'Ask once for each.',
  },
  'the scope names a resource': {
    means: 'Nothing stands before /.default.',
    fix: 'Put the API’s identifier URI or app id before it.',
  },
  'the resource is known in the tenant': {
    means: 'No API in this tenant has that identifier URI or app id.',
    fix: 'Compare it with the identifier URIs of the API’s registration; the API must be installed in the tenant.',
  },
  'the resource is enabled': {
    means: 'The API’s service principal is switched off.',
    fix: 'Set accountEnabled of it to true.',
  },
  'the client has an app role where the resource asks for one': {
    means: 'The API takes only apps that have one of its roles.',
    fix: 'Grant the app a role of the API, or set appRoleAssignmentRequired of it to false.',
  },
  'Conditional Access lets the client in': {
    means: 'A policy of the tenant keeps this app out.',
    fix: 'Look into the sign-in log for the policy; here it is the switch blockedByConditionalAccess of the app.',
  },
}
