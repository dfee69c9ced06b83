/**
 * Writes `packages/emulator/dist/bundle`: the emulator as it runs, here and where it is installed. Node pays for each
 * module of a process: of 130 there remain the start and what is loaded on use, the portal's pages and Graph.
 */
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { askForBuiltins } from './ask-for-builtins.ts'
import { writeChanged } from './write-changed.ts'

const root = resolve(import.meta.dirname, '../packages/emulator')
const outdir = resolve(root, 'dist/bundle')

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/index.ts'],
  outdir,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
})
writeChanged(
  outdir,
  outputFiles.map(({ path, text }) => ({ path, text: askForBuiltins(text) })),
)
