import { type Case, registered, sending } from './case.ts'

/** A request for an API that is registered so. */
const api =
  (registration: object): Case['send'] =>
  async (stage) => {
    const { appId } = stage.control.addApp({ name: 'api', ...registration })
    return stage.post(await stage.form({ scope: `${appId}/.default` }))
  }

/** Faults of what is asked for. */
export const resourceCases: readonly Case[] = [
  {
    what: 'a delegated scope',
    send: sending({ scope: 'https://graph.microsoft.com/User.Read' }),
    aadsts: 1002012,
    text: /^The provided value for scope https:\/\/graph\.microsoft\.com\/User\.Read is not valid\. Client credential flows must/,
  },
  {
    what: 'OIDC scopes alone',
    send: sending({ scope: 'openid profile' }),
    aadsts: 1002012,
    text: /^The provided value for scope openid profile is not valid\./,
  },
  {
    what: 'a scope with quotes',
    send: sending({ scope: '"https://graph.microsoft.com/.default"' }),
    aadsts: 70011,
    text: /The scope "https:\/\/graph\.microsoft\.com\/\.default" is not valid\./,
  },
  {
    what: 'a scope without resource',
    send: sending({ scope: '/.default' }),
    aadsts: 70011,
    text: /The scope \/\.default/,
  },
  {
    what: 'two resources',
    send: sending({ scope: 'https://graph.microsoft.com/.default https://vault.azure.net/.default' }),
    aadsts: 700022,
    text: /contains more than one resource/,
  },
  {
    what: 'an unknown resource',
    send: sending({ scope: 'api://nobody/.default' }),
    aadsts: 500011,
    text: /^The resource principal named api:\/\/nobody was not found in the tenant named 8c5a3a1e-[-0-9a-f]*\. This can happen/,
  },
  {
    what: 'a disabled resource',
    send: api({ disabled: true }),
    aadsts: 500014,
    text: /^The service principal for resource '[-0-9a-f]{36}' is disabled\./,
  },
  {
    what: 'a resource that wants a role of its clients',
    send: api({ assignmentRequired: true }),
    aadsts: 501051,
    text: /^Application '[-0-9a-f]{36}'\(billing\) is not assigned to a role for the application '[-0-9a-f]{36}'\(api\)\./,
  },
  {
    what: 'a client that Conditional Access keeps out',
    send: registered({ blockedByConditionalAccess: true }),
    aadsts: 53003,
    text: /^Access has been blocked by Conditional Access policies\./,
  },
]
