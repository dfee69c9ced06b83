import type { Seed } from './seed.ts'

/** Ids of what an emulator without a seed starts with. Fixed, so that a `.env` outlives a restart. */
export const demo = {
  tenantId: '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31',
  domain: 'contoso.onmicrosoft.com',
  /** The client, `demo-daemon`. */
  appId: '6731de76-14a6-49ae-97bc-6eba6914391e',
  /** The API, `cars`. */
  carsAppId: 'c0ffee00-ca25-4a11-8f00-5d1c0de5a9e1',
} as const

/** One tenant, a client without a certificate yet, and an API that it may read. */
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
      ],
    },
  ],
}
