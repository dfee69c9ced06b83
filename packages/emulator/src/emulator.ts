import type { Clock } from './clock/clock.ts'
import type { AddedApp } from './directory/control.ts'
import type { DescribedCertificate } from './directory/describe.ts'
import type { NewApp, RoleGrant } from './directory/new-app.ts'
import type { Seed } from './directory/seed.ts'
import type { JudgedRequest } from './routes/route.ts'
import type { LifetimeOptions } from './token/lifetime.ts'
import type { Weather } from './weather/weather.ts'

export interface EmulatorOptions extends LifetimeOptions {
  /** Default: 0, a free one. */
  readonly port?: number | undefined
  /** `127.0.0.1` (default), `::1` or `localhost`, or with `allowRemote` any address of this machine. */
  readonly host?: string | undefined
  /** Lets `host` be an address that others reach. Whoever reaches the emulator can change it. */
  readonly allowRemote?: boolean | undefined
  /** Plain http instead of https. Microsoft's client libraries refuse such an authority. */
  readonly http?: boolean | undefined
  /**
   * Where everything is kept from one start to the next: `state.json`, `signing-keys.json`, `weather.json` and the certificate authority,
   * for their owner alone. Made where it is not there; one emulator at a time. Default: in memory.
   */
  readonly dataFolder?: string | undefined
  /** Where the certificate authority is kept (`ca.pem`, and `ca-key.pem` with mode 0600). Default: the data folder. */
  readonly caFolder?: string | undefined
  /** What the directory starts with, where the data folder holds none. Default: `demoSeed`. */
  readonly seed?: Seed | undefined
  /** What the emulator's clock follows until it is moved, epoch milliseconds; TLS goes by the machine's. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Lets armed faults take their time, milliseconds. A test that does not want to wait gives one of its own. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined
  /** Called once somebody who asked for it by `POST /_emulator/stop` has the answer. Default: nobody can ask. */
  readonly onStopRequest?: (() => void) | undefined
  /** Called for every token request once it is judged, before it is answered. Must not throw. */
  readonly onJudgement?: ((judged: JudgedRequest) => void) | undefined
}

/** A registered application; the tenant matters only where several have it. */
export interface AppName {
  readonly appId: string
  readonly tenantId?: string | undefined
}

/** An app role of an API, for a client in the same tenant. */
export interface NewGrant extends RoleGrant {
  readonly clientAppId: string
  /** Matters only where several tenants have the client. */
  readonly tenantId?: string | undefined
}

/**
 * A running emulator. Its changes throw DefinitionError (a TypeError) for what cannot be registered, RangeError for
 * what is not there.
 */
export interface Emulator {
  /** `https://localhost:{port}`: the authority, without a slash at the end. Where `host` is one address that others reach, that address. */
  readonly url: string
  readonly port: number
  /** Certificate that clients must trust, PEM. Empty over http. */
  readonly caPem: string
  /** Of the first tenant. */
  readonly tenantId: string
  /** What was amiss at the start and is mended: files with private keys that other users could read. */
  readonly warnings: readonly string[]
  readonly clock: Clock
  readonly weather: Weather
  /** Registers an application, with a service principal in the same tenant. */
  addApp(app: NewApp): AddedApp
  /** `certificate` is PEM text or base64 DER, without a private key. One that is there already stays as it is. */
  addCertificate(added: AppName & { readonly certificate: string }): DescribedCertificate
  removeCertificate(removed: AppName & { readonly keyId: string }): void
  grantRole(grant: NewGrant): void
  /** With its service principals in all tenants. */
  removeApp(removed: AppName): void
  /** All that is registered, as the seed that would plant it again. Secrets are digests. */
  exportSeed(): Seed
  /** Replaces all that is registered by a seed's tenants, or changes nothing where the seed does not hold. */
  importSeed(seed: Seed): void
  /** Back to the seed that it was started with. */
  reset(): void
  /** The next published key signs from now on; tokens signed before stay verifiable as long as they live. */
  rollSigningKey(): Promise<{ readonly kid: string }>
  /** Ends every connection; nothing is left that would keep the process alive. */
  stop(): Promise<void>
}
