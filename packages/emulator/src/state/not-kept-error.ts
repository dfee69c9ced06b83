/** A change could not be written to the data folder, so it was not made: the disk is full, or the folder read-only or gone. */
export class NotKeptError extends Error {
  override readonly name = 'NotKeptError'

  /** @param cause - Of the file system. */
  constructor(cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
    super(`the data folder cannot be written${reason}; nothing was changed`, { cause })
  }
}
