import type { Seed } from './seed.ts'

/** Ids of the directory an emulator has when it is given no seed; fixed, so that a `.env` outlives a restart. */
export const demo = {
  tenantId: '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31',
  domain: 'contoso.onmicrosoft.com',
  appId: '6731de76-14a6-49ae-97bc-6eba6914391e',
  carsAppId: 'c0ffee00-ca25-4a11-8f00-5d1c0de5a9e1',
} as const

/** One tenant, an app without a certificate yet, and an API on which it has a role. */
export const demoSeed: Seed = {
  tenants: [
    {
      id: demo.tenantId,
      domains: [demo.domain],
      apps: [
        { appId: demo.carsAppId, name: 'cars', accessTokenVersion: 2, appRoles: ['Cars.Read'] },
        {
          appId: demo.appId,
          name: 'demo-daemon',
          grants: [{ resourceAppId: demo.carsAppId, role: 'Cars.Read' }],
        },
      ],
    },
  ],
}
