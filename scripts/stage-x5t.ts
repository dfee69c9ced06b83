/**
 * Writes the package `x5t` as it is published: `node --import ./scripts/typescript.js scripts/stage-x5t.ts <folder>`.
 *
 * Node pays for a module 0.65 ms before it has run a line of it, and sixty of them are half the time of a short process.
 * So each entry point is one file, and so is each module that is imported when used. What they share is in each of them.
 * An error must be an instance of one class, wherever it was thrown: the file that is loaded first leaves its classes to
 * the others.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { askForBuiltins } from './ask-for-builtins.ts'

const root = resolve(import.meta.dirname, '../packages/x5t')
const [, , folder = ''] = process.argv
if (folder === '') throw new Error('name a folder')

const source = join(root, 'src')
const errors = join(source, 'errors.ts')
const errorClasses = Object.keys(await import(pathToFileURL(errors).href))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const targets: { default: string }[] = Object.values(manifest.exports)
const entries = targets.map((target) =>
  resolve(root, target.default.replace(/^\.\/dist/, 'src').replace(/js$/, 'ts')),
)

/** Grows while it is walked through: a module that is imported when used is found on the way. */
const files = new Set(entries)

const apart = (importer: string): Plugin => ({
  name: 'apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
      const file = resolve(resolveDir, path)
      if (file === errors) return { path: 'errors', namespace: 'of the process' }
      if (kind !== 'dynamic-import') return undefined
      files.add(file)
      const from = relative(dirname(importer), file).split(sep).join('/').replace(/ts$/, 'js')
      return { path: from.startsWith('.') ? from : `./${from}`, external: true }
    })
    onLoad({ filter: /^/, namespace: 'of the process' }, () => ({
      contents: `
        import * as own from ${JSON.stringify(errors)}
        export const { ${errorClasses} } = (globalThis[Symbol.for('x5t ${manifest.version} errors')] ??= { ...own })`,
      resolveDir: source,
    }))
  },
})

for (const file of files) {
  const outfile = join(folder, 'dist', relative(source, file).replace(/ts$/, 'js'))
  const { outputFiles } = await build({
    entryPoints: [file],
    outfile,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    plugins: [apart(file)],
    logLevel: 'warning',
  })
  mkdirSync(dirname(outfile), { recursive: true })
  for (const { text } of outputFiles) writeFileSync(outfile, askForBuiltins(text))
}

for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue
  mkdirSync(dirname(join(folder, 'dist', file)), { recursive: true })
  cpSync(join(root, 'dist', file), join(folder, 'dist', file))
}
for (const file of ['README.md', 'LICENSE']) cpSync(join(root, file), join(folder, file))
const { scripts: _, ...published } = manifest
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
