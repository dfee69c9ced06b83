import { assertion, createStage, type Stage } from '../../support/stage.ts'

/** A request with one fault, and what it is refused with. */
export interface Case {
  readonly what: string
  readonly send: (stage: Stage) => Promise<Response>
  readonly aadsts: number
  readonly text: RegExp
}

/** A good request to the v2 endpoint with other fields; `undefined` leaves one out. */
export const sending =
  (changes: Record<string, string | undefined>, path?: string): Case['send'] =>
  async (stage) =>
    stage.post(await stage.form(changes), path === undefined ? {} : { path })

/** A good request with a body or headers of its own. */
export const posting =
  (body: string | undefined, headers: Record<string, string> = {}): Case['send'] =>
  async (stage) =>
    stage.post(body ?? (await stage.form()), { headers })

/** A request in which only the assertion differs from a good one. */
export const asserting =
  (change: Omit<Parameters<typeof assertion>[0], 'appId' | 'certificate'>): Case['send'] =>
  async (stage) => {
    const { client, certificate } = stage
    const jwt = await assertion({ appId: client.appId, certificate, ...change })
    return stage.post(await stage.form({ client_assertion: jwt }))
  }

/** A good request by an app that is registered otherwise. */
export const registered =
  (
    registration: Parameters<typeof createStage>[0],
    changes: Record<string, string | undefined> = {},
  ): Case['send'] =>
  async () => {
    const other = await createStage(registration)
    return other.post(await other.form(changes))
  }
