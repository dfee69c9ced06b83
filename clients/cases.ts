import type { Client } from './clients.ts'
import type { KeyPair, Stage } from './stage.ts'

/** One thing that is asked of every client that can do it, and what must come of it. */
export interface Case {
  readonly name: string
  /** Undefined: a token. */
  readonly aadsts?: number
  /** Beside the number, what the error says. */
  readonly says?: RegExp
  readonly of?: (client: Client) => boolean
  /** What differs from a good request. */
  readonly change: (setting: Setting) => Partial<Request>
}

/** Apps of one client alone, so that no two clients disturb each other. */
export interface Setting {
  readonly stage: Stage
  /** Registered, with the certificate. */
  readonly appId: string
  /** Registered, without one. */
  readonly bareId: string
  /** Its certificate is registered, and arrives late for one request. */
  readonly lateId: string
}

export interface Request {
  readonly url: string
  readonly tenantId: string
  readonly clientId: string
  readonly keyPair: KeyPair
  readonly resource: string
  readonly mapped: boolean
  readonly audience?: string
}

const unknown = 'd1f1c2ab-3d7c-4b0f-8f0a-52b7a9e0c1de'

export const cases: readonly Case[] = [
  { name: 'token', change: () => ({}) },
  {
    name: 'token from the public host',
    of: ({ mapped }) => mapped === true,
    change: () => ({ mapped: true, url: 'https://login.microsoftonline.com' }),
  },
  {
    name: 'certificate not registered',
    aadsts: 700027,
    says: /not found/,
    change: ({ bareId }) => ({ clientId: bareId }),
  },
  {
    name: 'certificate expired',
    aadsts: 700027,
    says: /expired/,
    change: ({ stage }) => ({ keyPair: stage.expired }),
  },
  { name: 'app unknown', aadsts: 700016, change: () => ({ clientId: unknown }) },
  { name: 'tenant unknown', aadsts: 90002, change: () => ({ tenantId: unknown }) },
  { name: 'clock days off', aadsts: 700024, change: ({ stage }) => ({ url: stage.late.url }) },
  { name: 'resource unknown', aadsts: 500011, change: () => ({ resource: `api://${unknown}` }) },
  {
    name: 'audience wrong',
    aadsts: 700023,
    of: ({ choosesAudience }) => choosesAudience === true,
    change: () => ({ audience: 'https://example.com/token' }),
  },
  {
    name: 'certificate not there yet',
    aadsts: 700027,
    says: /not found/,
    change: ({ lateId }) => ({ clientId: lateId }),
  },
  { name: 'certificate there at last', change: ({ lateId }) => ({ clientId: lateId }) },
]
