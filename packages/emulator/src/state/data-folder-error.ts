import { DefinitionError } from '../directory/definition.ts'
import { NotAFileError } from '../file/kept-file.ts'

/** A data folder cannot be used: another emulator has it, or what stands in it does not hold. It is left as it is. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/** What reads a file of the folder. @throws DataFolderError where what it reads does not hold. */
export function fromDataFolder<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const isOurs = error instanceof DefinitionError || error instanceof NotAFileError
    throw isOurs ? new DataFolderError(error.message) : error
  }
}
