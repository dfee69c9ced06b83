import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * What a .ts file is read as; its address stays, so that `import.meta` and relative imports mean what they say.
 *
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  return { format: 'module', source: await javascriptOf(fileURLToPath(url)), shortCircuit: true }
}

const cache = fileURLToPath(new URL('../node_modules/.cache/typescript/', import.meta.url))
/** What decides how a file is compiled: the options below, and the compiler. */
const compiler = [import.meta.url, new URL('../node_modules/esbuild/package.json', import.meta.url)]
  .map((url) => sha256(readFileSync(new URL(url))))
  .join()

/**
 * Compiles a file once for all processes. Its one place in the cache has the newest, which ends in what it was made of.
 *
 * @param {string} path
 */
export async function javascriptOf(path) {
  const typescript = readFileSync(path)
  const mark = `//${sha256(compiler, typescript)}`
  const place = `${cache}${sha256(path)}.js`
  const kept = readIfThere(place)
  if (kept?.endsWith(mark)) return kept
  // Loaded when needed: most processes find everything compiled.
  const { transform } = await import('esbuild')
  const { code } = await transform(typescript, {
    loader: 'ts',
    target: 'node20.19',
    sourcefile: path,
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  const javascript = code + mark
  mkdirSync(cache, { recursive: true })
  // By renaming, or another process could read half of it.
  const draft = `${place}.${process.pid}`
  writeFileSync(draft, javascript)
  renameSync(draft, place)
  return javascript
}

/** @param {(string | Uint8Array)[]} parts */
function sha256(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
