/**
 * Writes `packages/cli/dist`: the command line as it runs, here and where it is installed.
 *
 * Node pays for each module of a short process, and for each byte that it reads and compiles. So `x5t` is one file for
 * each point where something is loaded on use: the start, each command, and what few of them need. They are CommonJS,
 * which spares the loader of ES modules. What two of them share is in both, but for classes: an error must be an
 * instance of one class, wherever it was thrown.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { writeChanged } from './write-changed.ts'

const packages = resolve(import.meta.dirname, '../packages')
const outdir = join(packages, 'cli/dist')
const start = join(packages, 'cli/src/bin.ts')
const common = {
  absWorkingDir: packages,
  bundle: true,
  platform: 'node' as const,
  target: 'node20.19',
  external: ['@x5t/emulator'],
  logLevel: 'warning' as const,
  outdir,
  write: false as const,
} satisfies BuildOptions

/** Splitting finds what is loaded on use. Its own files would be 130, of which a token takes 30. */
const found = await build({
  ...common,
  entryPoints: [start],
  format: 'esm',
  splitting: true,
  metafile: true,
})
const loadedOnUse = Object.values(found.metafile.outputs).flatMap(({ entryPoint = [] }) => entryPoint)
const withClasses = Object.keys(found.metafile.inputs).filter((file) =>
  /^export class /m.test(readFileSync(join(packages, file), 'utf8')),
)
const files = new Map(
  [...loadedOnUse, ...withClasses].map((file) => [
    join(packages, file),
    file.replace(/^cli\/src\/|(?<=^x5t\/)dist\/|\.[jt]s$/g, '').replaceAll('/', '-'),
  ]),
)
const classes = new Set(withClasses.map((file) => join(packages, file)))

/** Each file asks for the others by `require`, when the import that names them is reached. */
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve, onLoad, resolve: locate }) {
    onResolve(
      { filter: /^(\.|x5t)/ },
      async ({ path, importer, namespace, resolveDir, kind, pluginData }) => {
        if (namespace === 'apart') return { path, external: true }
        if (kind === 'entry-point' || pluginData === 'located') return undefined
        const located = await locate(path, { importer, resolveDir, kind, pluginData: 'located' })
        const name = files.get(located.path)
        const isApart = name !== undefined && (kind === 'dynamic-import' || classes.has(located.path))
        const { sideEffects } = located
        return isApart ? { path: `./${name}.cjs`, namespace: 'apart', sideEffects } : located
      },
    )
    onLoad({ filter: /^/, namespace: 'apart' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }))
  },
}

const { outputFiles } = await build({
  ...common,
  entryPoints: [...files].map(([file, name]) => ({ in: file, out: name })),
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [apart],
})

writeChanged(outdir, outputFiles)
