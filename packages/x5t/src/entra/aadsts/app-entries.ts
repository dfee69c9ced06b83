import type { AadstsEntries } from './entry.ts'

/** The app and its tenant. */
export const appEntries: AadstsEntries = {
  700016: {
    summary: 'Entra does not know this app in this tenant',
    hint:
      'check that app {clientId} is registered in, or consented to by, tenant {tenant}; ' +
      'a new registration may need a minute',
    causes: [
      'the client id is of another tenant, or mistyped',
      'the object id of the registration was copied instead of the application (client) id',
      'the app was registered seconds ago',
    ],
    source: 'observed',
  },
  700038: {
    summary: 'the client id is not one an app can have',
    hint: 'check the client id',
    causes: ['a placeholder such as 00000000-0000-0000-0000-000000000000 was left in place'],
    source: 'observed',
  },
  7000229: {
    summary: 'the app has no service principal in this tenant',
    hint: 'create it: az ad sp create --id {clientId}',
    causes: [
      'the app was made by `az ad app create` or by Graph, which make no service principal',
      'a multi-tenant app that this tenant has not consented to',
      'tenant f8cdef31-a31e-4b4a-93e4-5f571e91255a in the text: the tenant in use is not the one you mean',
    ],
    source: 'observed',
  },
  7000112: {
    summary: 'the app is disabled',
    hint: 'enable it under Enterprise applications > Properties',
    causes: ['an administrator set "Enabled for users to sign-in" to no', 'Microsoft disabled it'],
    source: 'reference',
  },
  1000031: {
    summary: 'the app cannot be accessed at this time',
    hint: 'ask the administrator of the tenant',
    causes: ['it is blocked for this tenant'],
    source: 'reference',
  },
  70001: {
    summary: 'Entra does not know this app in this tenant (an old number), or it is disabled',
    hint: 'check app {clientId} in tenant {tenant}',
    causes: ['before 2019 this was 700016', 'the reference says today: the application is disabled'],
    source: 'reference',
  },
  700011: {
    summary: 'Entra does not know this app in the directory',
    hint: 'check app {clientId} in tenant {tenant}',
    causes: ['the client id is of another tenant, or mistyped'],
    source: 'reference',
  },
  7000110: {
    summary: 'the request names more than one app',
    hint: 'send one client_id, the one in the assertion',
    causes: ['client_id is missing, or differs from the one in another field'],
    source: 'reference',
  },
  7000114: {
    summary: 'the app may not act on behalf of users',
    hint: 'use client credentials, or a token of a user',
    causes: ['an app-only token was sent in an on-behalf-of request'],
    source: 'reference',
  },
  50194: {
    summary: 'the app serves one tenant, and /common was asked',
    hint: 'name the tenant in the address',
    causes: ['the tenant is `common` or `organizations`'],
    source: 'reference',
  },
  90002: {
    summary: 'Entra does not know this tenant',
    hint: 'check the tenant id, and that the authority is the right cloud',
    causes: [
      'the tenant id is mistyped, or is an app id',
      'the tenant is in another cloud (login.microsoftonline.us, login.partner.microsoftonline.cn)',
      'the tenant has no active subscription any more',
    ],
    source: 'observed',
  },
  900023: {
    summary: 'the tenant is neither a GUID nor a domain Entra knows',
    hint: 'check the tenant id',
    causes: ['the display name of the tenant was used', 'a placeholder was left in place'],
    source: 'observed',
  },
  90019: {
    summary: 'the request names no tenant',
    hint: 'name the tenant in the address',
    causes: ['the tenant is `common` or missing'],
    source: 'observed',
  },
  50059: {
    summary: 'the request names no tenant',
    hint: 'name the tenant in the address',
    causes: ['the tenant is `common` or missing'],
    source: 'observed',
  },
  53003: {
    summary: 'a Conditional Access policy blocks this app',
    hint: 'see the service principal sign-in logs of the tenant',
    causes: ['the address of this machine is not in an allowed location', 'the app is marked as at risk'],
    source: 'reference',
  },
  51000: {
    summary: 'a feature that the request needs is switched off',
    hint: 'read the name of the feature in the text',
    causes: ['mutual-TLS authentication is off for the tenant or app'],
    source: 'reference',
  },
}
