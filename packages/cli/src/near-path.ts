import { relative } from 'node:path'

/** A file as one would name it in this folder; one that is not below it by its whole path. */
export function nearPath(path: string, folder: string): string {
  const near = relative(folder, path)
  return near === '' || near.startsWith('..') ? path : near
}
