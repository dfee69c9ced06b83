import type { Context } from 'hono'
import type { Clock } from '../clock/clock.ts'
import type { Control } from '../directory/control.ts'
import type { Directory } from '../directory/directory.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Form } from '../http/form.ts'
import type { Wire } from '../http/wire.ts'
import type { Journal } from '../journal/journal.ts'
import type { Check } from '../judge/examination.ts'
import type { Refusal } from '../refusal/refusal.ts'
import type { LifetimeOptions } from '../token/lifetime.ts'
import type { SigningKeys } from '../token/signing-keys.ts'
import type { Encounter } from '../weather/encounter.ts'
import type { Situation, Sky } from '../weather/weather.ts'

/** One thing that the server answers. */
export interface Route {
  /** `ALL` where the route itself judges the method. */
  readonly method: 'GET' | 'POST' | 'DELETE' | 'ALL'
  readonly path: string
  /** The part of Entra it plays, by which faults find it. The emulator's own routes play none and know no weather. */
  readonly endpoint?: Situation['endpoint']
  answer(context: EmulatorContext, services: Services): Response | Promise<Response>
}

export type EmulatorContext = Context<EmulatorEnv>

export interface EmulatorEnv {
  Variables: {
    exchange: Exchange
    /** Where faults were armed when the request came. */
    encounter?: Encounter
    /** Once somebody has read it. */
    form?: Promise<Form>
  }
  /** Without a network there is none, and nothing to be reset. */
  Bindings: { wire?: Wire }
}

/** What routes work with. */
export interface Services {
  readonly directory: Directory
  readonly control: Control
  readonly signingKeys: SigningKeys
  readonly clock: Clock
  readonly sky: Sky
  /** Lets a fault take its time. */
  readonly sleep: (ms: number) => Promise<void>
  readonly lifetime: LifetimeOptions
  readonly journal: Journal
  /** Certificate that clients must trust, PEM; empty over http. */
  readonly caPem: string
  /** The address that is listened on. */
  readonly listening: string
  /** Ends the emulator; undefined where that is up to the program that started it. */
  readonly onStopRequest?: (() => void) | undefined
  /** Told of every judged token request. */
  readonly onJudgement: ((judged: JudgedRequest) => void) | undefined
}

/** A token request as one looks at it later. Holds no secret, no assertion and no token. */
export interface JudgedRequest {
  readonly endpoint: 'v1' | 'v2'
  /** As in the path. */
  readonly tenant: string
  readonly clientId: string | undefined
  readonly correlationId: string
  readonly traceId: string
  /** Epoch milliseconds. */
  readonly receivedAt: number
  /** In the order asked; where refused, the last one failed. */
  readonly checks: readonly Check[]
  /** Undefined where a token was issued. */
  readonly refusal: Refusal | undefined
}
