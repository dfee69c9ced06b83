/**
 * `npm run bench -- client`: what a release claims, beside its peers, in one run. Of times the ratios count.
 * `npm run bench -- client start`: the rows of that name alone.
 */
const [name = '', ...words] = process.argv.slice(2)
const benches: Record<string, () => Promise<{ run: (words: readonly string[]) => Promise<void> }>> = {
  cli: () => import('./cli.ts'),
  client: () => import('./client/run.ts'),
  faults: () => import('./faults/run.ts'),
  verify: () => import('./verify.ts'),
  emulator: () => import('./emulator/run.ts'),
  corpus: () => import('./corpus.ts'),
  keys: () => import('./keys.ts'),
}

const load = benches[name]
if (load === undefined) {
  process.stdout.write(`npm run bench -- ${Object.keys(benches).join(' | ')}\n`)
  process.exitCode = 2
} else {
  await (await load()).run(words)
}
