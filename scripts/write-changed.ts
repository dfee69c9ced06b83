import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'

/** Makes a folder hold these files, and of their kind no others. What is as it was stays untouched: it may be running. */
export function writeChanged(
  folder: string,
  files: readonly { readonly path: string; readonly text: string }[],
): void {
  const kinds = new Set(files.map(({ path }) => extname(path)))
  mkdirSync(folder, { recursive: true })
  const old = new Set(readdirSync(folder).filter((file) => kinds.has(extname(file))))
  for (const { path, text } of files) {
    const isOld = old.delete(basename(path))
    if (!isOld || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
  }
  for (const file of old) rmSync(join(folder, file))
}
