import { NotFoundError } from '../directory/control.ts'
import { DefinitionError } from '../directory/definition.ts'
import { NotKeptError } from '../state/not-kept-error.ts'

/** A refusal of the emulator's own, where Entra has nothing to compare with. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly status: number
  readonly code:
    | 'BadRequest'
    | 'Forbidden'
    | 'InsufficientStorage'
    | 'NotFound'
    | 'PayloadTooLarge'
    | 'TooManyStreams'
    | 'UnsupportedMediaType'

  constructor(status: number, code: ControlError['code'], message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** What a route of our own answers for an error; undefined for one that nobody foresaw. */
export function toControlError(error: unknown): ControlError | undefined {
  if (error instanceof ControlError) return error
  if (error instanceof NotFoundError) return new ControlError(404, 'NotFound', error.message)
  if (error instanceof DefinitionError) return new ControlError(400, 'BadRequest', error.message)
  if (error instanceof NotKeptError) return new ControlError(507, 'InsufficientStorage', error.message)
  return undefined
}
