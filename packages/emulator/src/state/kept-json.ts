import { DataFolderError } from '../file/data-folder-error.ts'
import { readIfThere, replaceFile } from '../file/kept-file.ts'
import { NotKeptError } from './not-kept-error.ts'

/** One JSON file, for its owner alone, written whole and only where its text changes. */
export interface KeptJson {
  /** Undefined where there is none. @throws DataFolderError for what is no file, or no JSON. */
  read(): unknown
  /** @throws NotKeptError where it cannot be written; the file is then what it was. */
  write(value: object): void
  /** As last read or written; undefined where it never was. */
  last(): unknown
}

/** @param replace - Default: writes the file whole, in place of the one that is there. */
export function keptJson(path: string, replace = replaceFile): KeptJson {
  let onDisk: string | undefined
  return {
    read() {
      const text = readIfThere(path)
      if (text === undefined) return undefined
      try {
        const value: unknown = JSON.parse(text)
        onDisk = text
        return value
      } catch (error) {
        // The reason is not passed on: it may quote the text, and the text may be a key.
        throw new DataFolderError(`${path} is not JSON${whereOf(error, text)}`)
      }
    },
    write(value) {
      const text = `${JSON.stringify(value, null, 2)}\n`
      if (text === onDisk) return
      try {
        replace(path, text, 0o600)
      } catch (error) {
        throw new NotKeptError(error)
      }
      onDisk = text
    },
    last: () => (onDisk === undefined ? undefined : JSON.parse(onDisk)),
  }
}

/** Where the parser stopped, if it says so. */
function whereOf(error: unknown, text: string): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  if (position === undefined) return ''
  const before = text.slice(0, Number(position)).split('\n')
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`
}
