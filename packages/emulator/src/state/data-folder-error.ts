import { DefinitionError } from '../directory/definition.ts'

/** A data folder cannot be used: another emulator has it, or what stands in it does not hold. It is left as it is. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/** What reads a file of the folder. @throws DataFolderError where what it reads does not hold. */
export function fromDataFolder<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DefinitionError ? new DataFolderError(error.message) : error
  }
}
