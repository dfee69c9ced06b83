import { existsSync } from 'node:fs'

/** A client that somebody else wrote, and how it is started. */
export interface Client {
  readonly name: string
  /** In this folder. It reads a job from stdin and prints a line per case (drivers/job.mjs). */
  readonly command: readonly string[]
  /** It can be led to the public host name through a proxy. */
  readonly mapped?: true
  /** It goes to public host names only: this generation cannot be told of another authority. */
  readonly onlyMapped?: true
  /** It can be told which `aud` to put into the assertion. */
  readonly choosesAudience?: true
  /** It takes SHA-256 thumbprints, and signs PS256 with them. */
  readonly sha256Known?: true
  /** One process per case: its members come as variables `CASE_…`, the service's answer is printed as it came. */
  readonly raw?: true
  /** What its error shows instead of the number, for refusals that it hides. */
  readonly hides?: Readonly<Record<number, RegExp>>
  /** The Debian package that it comes from, and a file of it. */
  readonly debian?: readonly [name: string, file: string]
}

const node = (driver: string, ...args: string[]) => [
  process.execPath,
  '--require',
  './drivers/map-hosts.cjs',
  `drivers/${driver}.mjs`,
  ...args,
]
const python = (driver: string) => ['/usr/bin/python3', '-W', 'ignore', `drivers/${driver}.py`]

/** MSAL for Python reads it too, and says less. */
const hidesMetadata = { 90002: /Unable to get authority configuration/ }

/** MSAL.js reads a tenant's metadata first, and of a refusal says only that there was none. */
const hidesTenant = { 90002: /endpoints_resolution_error|openid_config_error|Could not retrieve endpoints/i }

const msalNode = ([name, label, sha256Known]: readonly [string, string, 'sha256Known'?]): Client => ({
  name: `MSAL Node ${label}`,
  command: node('msal-node', name),
  hides: hidesTenant,
  mapped: true,
  ...(sha256Known ? { sha256Known: true } : {}),
})

const identity = ([name, label]: readonly [string, string]): Client => ({
  name: `@azure/identity ${label}`,
  command: node('identity', name),
  mapped: true,
  hides: hidesTenant,
})

export const clients: readonly Client[] = [
  ...(
    [
      ['msal-node-1.0', '1.0.3'],
      ['msal-node-1', '1.18.4'],
      ['msal-node-2', '2.16.3', 'sha256Known'],
      ['msal-node-3', '3.8.10', 'sha256Known'],
      ['msal-node-5', '5.6.0', 'sha256Known'],
      ['msal-node-6', '6.0.1', 'sha256Known'],
      ['@azure/msal-node', '7.2.3', 'sha256Known'],
    ] as const
  ).map(msalNode),
  ...(
    [
      ['identity-1', '1.5.2'],
      ['identity-2', '2.1.0'],
      ['identity-3', '3.4.2'],
      ['identity-4.0', '4.0.1'],
      ['@azure/identity', '4.14.1'],
    ] as const
  ).map(identity),
  { name: 'adal-node 0.2.4', command: node('adal-node'), mapped: true },
  { name: '@azure/ms-rest-nodeauth 3.1.1', command: node('rest-nodeauth'), mapped: true },
  { name: 'openid-client 6.9.0', command: node('openid-client'), choosesAudience: true },
  { name: 'openid-client 5.7.1', command: node('openid-client-5'), choosesAudience: true },
  {
    name: 'MSAL Python 1.21',
    command: python('msal_v2'),
    mapped: true,
    hides: hidesMetadata,
    debian: ['python3-msal', '/usr/lib/python3/dist-packages/msal/__init__.py'],
  },
  {
    name: 'ADAL Python 1.2.7',
    command: python('adal_v1'),
    mapped: true,
    debian: ['python3-adal', '/usr/lib/python3/dist-packages/adal/__init__.py'],
  },
  {
    name: 'azure-identity Python',
    command: python('azure_identity'),
    mapped: true,
    onlyMapped: true,
    hides: hidesMetadata,
    debian: ['python3-azure', '/usr/lib/python3/dist-packages/azure/identity/__init__.py'],
  },
  {
    name: 'go-autorest 14.2',
    command: ['go', 'run', 'drivers/autorest.go'],
    mapped: true,
    debian: [
      'golang-go golang-github-azure-go-autorest-dev',
      '/usr/share/gocode/src/github.com/Azure/go-autorest/autorest/adal/token.go',
    ],
  },
  {
    name: 'curl and openssl',
    command: ['bash', 'drivers/curl.sh'],
    raw: true,
    choosesAudience: true,
    debian: ['curl openssl', '/usr/bin/curl'],
  },
]

export const isInstalled = ({ debian }: Client): boolean => debian === undefined || existsSync(debian[1])
