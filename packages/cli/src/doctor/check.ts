import type { Certificate, LoadedCredential, X5tError } from 'x5t'
import type { Settings } from '../config/resolve-settings.ts'
import type { Ask, Io } from '../io.ts'
import type { KeyText, KeyTextValues } from '../key-text.ts'
import type { Answer } from '../network/get.ts'
import type { Route } from '../network/route.ts'
import type { Passphrase, PassphraseValues } from '../passphrase.ts'
import type { Terminal } from '../terminal.ts'
import type { TokenAnswer } from './token-answer.ts'

/** What checks establish, each for those that come after it. */
export interface Facts {
  readonly settings: Settings
  readonly identity: Identity
  /** What comes from outside the settings; read once, for a descriptor can be read once. */
  readonly given: { readonly passphrase: Passphrase | undefined; readonly key: KeyText | undefined }
  readonly certificate: Certificate
  /** The private key is readable; whether it belongs to the certificate is another question. */
  readonly keyRead: { readonly credential?: LoadedCredential; readonly mismatch?: X5tError }
  readonly credential: LoadedCredential
  readonly route: Route
  /** The host has an address, here or at the proxy. */
  readonly resolved: true
  /** A connection to the port of the service can be opened. */
  readonly connected: true
  readonly trusted: true
  /** Of the OpenID configuration of the tenant. */
  readonly metadata: Answer
  /** Server's clock minus ours, milliseconds. */
  readonly clockOffsetMs: number
  /** The certificate is within its dates. */
  readonly inDate: true
  readonly tenantKnown: true
  readonly answer: TokenAnswer
  readonly appKnown: true
  readonly registered: true
  readonly claims: Readonly<Record<string, unknown>>
}

/** Who asks whom for what, each in the form in which it can be used. */
export interface Identity {
  readonly tenant: string
  readonly clientId: string
  readonly authority: URL
  readonly scope: string
}

/**
 * One question of the doctor as data. It is asked once all it needs has been established; else it is not reached, so
 * that one cause never shows up as many.
 */
export interface Check<N extends keyof Facts = keyof Facts> {
  readonly name: string
  /** What an "ok" proves. */
  readonly proves: string
  readonly needs: readonly N[]
  /** Asks the network, and may take as long as that does. */
  readonly waits?: true
  /** Throws only for a bug. `facts` may hold more than what is needed, never less. */
  run(facts: Pick<Facts, N> & Partial<Facts>, context: DoctorContext): Promise<Finding>
}

export interface DoctorContext {
  readonly io: Io
  readonly ask: Ask | undefined
  readonly terminal: Terminal
  readonly values: DoctorValues
}

export type DoctorValues = KeyTextValues &
  PassphraseValues & {
    readonly profile: string | undefined
    readonly role: readonly string[]
    readonly audience: string | undefined
    readonly scope: string | undefined
  }

export interface Finding {
  /** What was seen: values, dates, names; lines. Never a secret. */
  readonly proof: string
  readonly problems?: readonly Problem[]
  /** What is now established. */
  readonly facts?: Partial<Facts>
  /** The question has no meaning here; the proof says why. */
  readonly skipped?: true
}

export interface Problem {
  /** `blocks`: no token will come. `failure`: it must be mended, and a token may come. `warning`: it should be. */
  readonly severity: 'blocks' | 'failure' | 'warning'
  readonly message: string
  /** One command or step each, the best first. */
  readonly hints: readonly string[]
}

/** Gives a check literal its types. */
export function defineCheck<const N extends keyof Facts = never>(check: Check<N>): Check<N> {
  return check
}

/** No token will come until this is mended. */
export function blocked(message: string, hints: readonly string[], proof = message): Finding {
  return { proof, problems: [{ severity: 'blocks', message, hints }] }
}
