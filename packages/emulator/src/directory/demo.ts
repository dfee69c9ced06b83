import type { Seed } from './seed.ts'

/** Ids of what an emulator without a seed starts with. Fixed, so that a `.env` outlives a restart. */
export const demo = {
  tenantId: '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31',
  domain: 'contoso.onmicrosoft.com',
  /** The client, `demo-daemon`. */
  appId: '6731de76-14a6-49ae-97bc-6eba6914391e',
  /** The API, `cars`. */
  carsAppId: 'c0ffee00-ca25-4a11-8f00-5d1c0de5a9e1',
  /** An administrator, `demo-admin`: it may do in Graph whatever this emulator can. */
  adminAppId: 'ad314e5a-52b0-4cc2-8d40-6b1fcb8d0a11',
  /** Its client secret. It opens nothing but an emulator on this machine. */
  adminSecret: 'demo-admin-secret',
} as const

/** One tenant, a client without a certificate yet, an API that it may read, and an administrator for Graph. */
export const demoSeed: Seed = {
  tenants: [
    {
      id: demo.tenantId,
      domains: [demo.domain],
      displayName: 'Contoso',
      apps: [
        {
          name: 'demo-daemon',
          appId: demo.appId,
          grants: [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }],
        },
        { name: 'cars', appId: demo.carsAppId, accessTokenVersion: 2, appRoles: ['Cars.Read'] },
        {
          name: 'demo-admin',
          appId: demo.adminAppId,
          secrets: [demo.adminSecret],
          grants: [
            'Application.ReadWrite.All',
            'AppRoleAssignment.ReadWrite.All',
            'Policy.ReadWrite.ApplicationConfiguration',
          ].map((role) => ({ resourceAppId: '00000003-0000-0000-c000-000000000000', role })),
        },
      ],
    },
  ],
}
