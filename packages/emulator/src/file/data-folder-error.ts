/** A data folder cannot be used: another emulator has it, or what stands in it does not hold. It is left as it is. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}
