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

/**
 * Compiles a file once for all processes; it is found again by its path and content.
 *
 * @param {string} path
 */
export async function javascriptOf(path) {
  const typescript = readFileSync(path)
  const compiled = `${cache}${createHash('sha256').update(path).update(typescript).digest('hex')}.js`
  try {
    return readFileSync(compiled)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  // Loaded when needed: most processes find everything compiled.
  const { transform } = await import('esbuild')
  const { code } = await transform(typescript, {
    loader: 'ts',
    target: 'node20.19',
    sourcefile: path,
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  mkdirSync(cache, { recursive: true })
  // By renaming, or another process could read half of it.
  const draft = `${compiled}.${process.pid}`
  writeFileSync(draft, code)
  renameSync(draft, compiled)
  return code
}
