import type { SetUp, World } from './world.ts'

/** What the service says no to: tenant, app, certificate, resource, roles. */
export const serviceSetUps: readonly SetUp[] = [
  {
    what: 'the tenant does not exist',
    arrange: () => ({ options: { tenant: '11111111-2222-4333-8444-555555555555' } }),
    check: 'tenant',
    cause: /Entra does not know this tenant: 11111111-.*\(AADSTS90002\)/,
    remedy: /tenant is from --tenant/,
  },
  {
    what: 'the app is not in the tenant',
    arrange: () => ({ options: { 'client-id': '22222222-2222-4333-8444-555555555555' } }),
    check: 'app',
    cause: /does not know this app in this tenant/,
    remedy: /22222222-/,
  },
  {
    what: 'the app has no service principal',
    arrange: (world) => ({ options: { 'client-id': appWith(world, { withoutServicePrincipal: true }) } }),
    check: 'app',
    cause: /no service principal in this tenant/,
    remedy: /az ad sp create/,
  },
  {
    what: 'the app is disabled',
    arrange: (world) => ({ options: { 'client-id': appWith(world, { disabled: true }) } }),
    check: 'app',
    cause: /the app is disabled/,
    remedy: /enable it/,
  },
  {
    what: 'the app is registered as a public client',
    arrange: (world) => ({ options: { 'client-id': appWith(world, { publicClient: true }) } }),
    check: 'app',
    cause: /public client/,
    remedy: /allow public client flows/,
  },
  {
    what: 'the certificate is not registered',
    arrange: () => ({ options: { cert: 'other.crt', key: 'other.key' } }),
    check: 'registration',
    cause: /not registered with the app \(AADSTS700027\): the portal lists it as [0-9A-F]{40}$/,
    remedy: /^x5t emulator cert add other\.crt --app /,
  },
  {
    what: 'the certificate was uploaded a moment ago',
    arrange(world) {
      world.entra.weather.arm({ kind: 'propagation', seconds: 3_600 })
      return { options: { 'client-id': appWith(world, {}) } }
    },
    check: 'emulator',
    cause: /^weather is armed at the emulator: w\d+ propagation$/,
    remedy: /^x5t emulator weather clear --all --url https:\/\/localhost:\d+$/,
  },
  {
    what: 'the emulator was told to be out of order',
    arrange({ entra }) {
      entra.weather.arm({ kind: 'outage', status: 503 })
      return {}
    },
    check: 'emulator',
    cause: /^weather is armed at the emulator: w\d+ outage$/,
    remedy: /^x5t emulator weather clear --all --url /,
  },
  {
    what: 'the clock of the emulator was moved by a year and more',
    arrange({ entra }) {
      entra.clock.advance('P400D')
      return {}
    },
    check: 'emulator',
    cause: /^the clock of the emulator is 400 days ahead of the machine’s$/,
    remedy: /^x5t emulator clock reset --url https:\/\/localhost:\d+$/,
  },
  {
    what: 'the clock of the emulator stands still',
    arrange({ entra }) {
      entra.clock.freeze()
      entra.clock.set(Date.now() - 90_000)
      return { code: 0 }
    },
    check: 'emulator',
    cause: /^the clock of the emulator is \d+ s behind the machine’s and stands still$/,
    remedy: /^x5t emulator clock reset/,
  },
  {
    what: 'the emulator is slow, and that is all',
    arrange({ entra, demo }) {
      entra.weather.arm({ kind: 'latency', ms: 1, appId: demo.carsAppId })
      entra.weather.arm({ kind: 'latency', ms: 1, appId: demo.appId })
      return { code: 0 }
    },
    check: 'emulator',
    cause: /^weather is armed at the emulator: w\d+ latency$/,
    remedy: /^x5t emulator weather clear/,
  },
  {
    what: 'the emulator is slow, and the app is not in the tenant',
    arrange({ entra }) {
      entra.weather.arm({ kind: 'latency', ms: 1 })
      return { options: { 'client-id': '22222222-2222-4333-8444-555555555555' } }
    },
    check: 'app',
    cause: /does not know this app in this tenant/,
    remedy: /22222222-/,
  },
  {
    what: 'the resource is misspelt',
    arrange: () => ({ options: { scope: 'https://graph.microsoft.co/.default' } }),
    check: 'resource',
    cause: /resource does not exist in this tenant/,
    remedy: /scope https:\/\/graph\.microsoft\.co\/\.default is from --scope/,
  },
  {
    what: 'the scope lacks /.default',
    arrange: () => ({ options: { scope: 'https://graph.microsoft.com/User.Read.All' } }),
    check: 'resource',
    cause: /scope must end with \/\.default/,
    remedy: /scope https:\/\/graph/,
  },
  {
    what: 'the API demands a role that was not granted',
    arrange({ entra }) {
      const { appId } = entra.addApp({ name: 'guarded', assignmentRequired: true, appRoles: ['Do'] })
      return { options: { scope: `api://${appId}/.default` } }
    },
    check: 'resource',
    cause: /no role on this resource/,
    remedy: /scope api:\/\//,
  },
  {
    what: 'Conditional Access blocks the app',
    arrange: (world) => ({ options: { 'client-id': appWith(world, { blockedByConditionalAccess: true }) } }),
    check: 'resource',
    cause: /Conditional Access policy blocks/,
    remedy: /./,
  },
  {
    what: 'the token carries no role',
    arrange: (world) => ({ options: { 'client-id': appWith(world, {}) }, code: 0 }),
    check: 'roles',
    cause: /^the token carries no app role/,
    remedy: /API permissions/,
  },
  {
    what: 'the role that the API wants was not granted',
    arrange: () => ({ flags: ['--role', 'Cars.Write'] }),
    check: 'roles',
    cause: /^the token lacks app role Cars\.Write; it has Cars\.Read$/,
    remedy: /admin consent/,
  },
  {
    what: 'the certificate lives longer than the tenant allows',
    arrange: (world) => policyReader(world, 'Policy.Read.All'),
    check: 'policy',
    cause: /^the certificate lives 365 days, and the policy of the tenant allows 90$/,
    remedy: /: x5t cert new --name good-new --days 90$/,
  },
  {
    what: 'the certificate lives longer than a policy of its own allows the app',
    arrange: (world) =>
      policyReader({ ...world, objectId: world.stricterObjectId }, 'Policy.Read.All', 'Application.Read.All'),
    check: 'policy',
    cause: /^the certificate lives 365 days, and the policy of the app allows 30$/,
    remedy: /: x5t cert new --name good-new --days 30$/,
  },
  {
    what: 'the API expects the audience of the other version',
    arrange: ({ demo }) => ({ options: { audience: `api://${demo.carsAppId}` } }),
    check: 'audience',
    cause: /^the token is for c0ffee00-.* \(version 2\.0\), the API expects api:\/\/c0ffee00-/,
    remedy: /version 1\.0 token names the API by its URI/,
  },
]

/** An app like the one that works, with one thing different. */
function appWith({ entra, good }: World, different: object): string {
  return entra.addApp({ name: 'different', certificates: [good.certificatePem], ...different }).appId
}

/** An app of the tenant that bounds how long certificates live, with roles of Graph. */
function policyReader(
  { entra, strictTenantId, good, objectId }: World & { objectId?: string | undefined },
  ...roles: string[]
) {
  const grants = roles.map((role) => ({ resourceAppId: '00000003-0000-0000-c000-000000000000', role }))
  const certificates = [good.certificatePem]
  const { appId } = entra.addApp({ name: 'reader', objectId, certificates, grants, tenantId: strictTenantId })
  const options = {
    tenant: strictTenantId,
    'client-id': appId,
    scope: 'https://graph.microsoft.com/.default',
  }
  return { options, code: 0 }
}
