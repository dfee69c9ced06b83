import { DefinitionError } from '../directory/definition.ts'
import { DataFolderError } from '../file/data-folder-error.ts'

/** What reads a file of the folder. @throws DataFolderError where what it reads does not hold. */
export function fromDataFolder<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DefinitionError ? new DataFolderError(error.message) : error
  }
}
