/** No tenant can be named so: a domain has a dot, and Graph's paths begin with a version. */
const root = '/_emulator/portal'

/** An app id can be in several tenants. */
const app = `${root}/tenants/:tenantId/apps/:appId`

/** Where the pages are; `pathTo` fills in what stands behind a colon. */
export const paths = {
  certificates: root,
  upload: `${app}/upload`,
  add: `${app}/certificates`,
  generate: `${app}/generate`,
  remove: `${app}/certificates/:keyId/remove`,
  requests: `${root}/requests`,
  request: `${root}/requests/:number`,
  compare: `${root}/requests/:number/compare`,
  replay: `${root}/requests/:number/replay`,
  token: `${root}/token`,
  weather: `${root}/weather`,
  clearWeather: `${root}/weather/clear`,
  clock: `${root}/clock`,
  connect: `${root}/connect`,
  importState: `${root}/import`,
  reset: `${root}/reset`,
  rollKey: `${root}/signing-keys/roll`,
  style: `${root}/portal.css`,
  script: `${root}/portal.js`,
  icon: `${root}/icon.svg`,
} as const

type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Parameters<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The address of a page about something. */
export const pathTo = <P extends keyof typeof paths>(
  page: P,
  values: Readonly<Record<Parameters<(typeof paths)[P]>, string | number | undefined>>,
): string =>
  Object.entries<string | number | undefined>(values).reduce<string>(
    (path, [name, value]) => path.replace(`:${name}`, encodeURIComponent(String(value ?? ''))),
    paths[page],
  )
