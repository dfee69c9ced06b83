import type { AadstsEntries } from './entry.ts'

/** The API that the token is for. */
export const resourceEntries: AadstsEntries = {
  500011: {
    summary: 'the resource does not exist in this tenant',
    hint: 'check the spelling of the scope or resource, and that the API has a service principal in this tenant',
    causes: [
      'a typing error in the scope, a slash too many or too few',
      'the API is registered in another tenant and was never consented to here: az ad sp create --id <its app id>',
      'the request went to another tenant than you mean',
    ],
    source: 'observed',
  },
  50001: {
    summary: 'the resource does not exist in this tenant, or is disabled (an old number)',
    hint: 'check the spelling of the scope or resource',
    causes: ['today 500011'],
    source: 'reference',
  },
  500014: {
    summary: 'the service principal of the resource is disabled',
    hint: 'ask the administrator of the API to enable it',
    causes: ['an administrator disabled it', 'a subscription of the tenant has lapsed'],
    source: 'observed',
  },
  501051: {
    summary: 'the app has no role on this resource, and the resource requires one',
    hint: 'grant an app role and admin consent',
    causes: [
      'API permissions of app {clientId} lack an application permission of this API',
      'the permission is there, and admin consent is not',
    ],
    source: 'observed',
  },
  50105: {
    summary: 'the app is not assigned to a role of the resource (an old number)',
    hint: 'grant an app role and admin consent',
    causes: ['today 501051 for apps; for users: they are not assigned to the enterprise application'],
    source: 'observed',
  },
  1002012: {
    summary: 'the scope must end with /.default',
    hint: 'ask for the resource as a whole: <resource>/.default',
    causes: ['a single permission was asked for, such as https://graph.microsoft.com/User.Read.All'],
    source: 'observed',
  },
  70011: {
    summary: 'Entra does not accept the scope',
    hint: 'use <resource>/.default',
    causes: ['a delegated scope such as User.Read', 'an empty or misspelt scope'],
    source: 'observed',
  },
  700022: {
    summary: 'the scope names two resources',
    hint: 'ask for one resource at a time',
    causes: ['two scopes in one request'],
    source: 'reference',
  },
  65001: {
    summary: 'nobody has consented to the app',
    hint: 'grant admin consent under API permissions of app {clientId}',
    causes: ['a delegated flow; an app-only token comes without roles instead'],
    source: 'reference',
  },
  650052: {
    summary: 'the tenant has no service principal of the API',
    hint: 'create it: az ad sp create --id <app id of the API>',
    causes: ['the service was never bought or consented to in this tenant'],
    source: 'observed',
  },
  650057: {
    summary: 'the resource is not among the permissions of the app',
    hint: 'add the API under API permissions of app {clientId}',
    causes: ['a delegated v1 request for an API that the registration does not list'],
    source: 'reference',
  },
  50146: {
    summary: 'the API needs a signing key of its own',
    hint: 'ask the owner of the API: claims mapping needs a custom signing key, or acceptMappedClaims',
    causes: ['claims mapping is configured without a key'],
    source: 'reference',
  },
  90056: {
    summary: 'the request for the resource is malformed',
    hint: 'check resource or scope',
    causes: ['a resource that is no URI and no app id'],
    source: 'reference',
  },
}
