/**
 * `npm run bench -- client`: what a release claims about speed, beside its peers, in one run. Ratios count, not times.
 * `npm run bench -- client start`: the rows of that name alone.
 */
const [name = '', ...words] = process.argv.slice(2)
const benches: Record<string, () => Promise<{ run: (words: readonly string[]) => Promise<void> }>> = {
  client: () => import('./client/run.ts'),
  verify: () => import('./verify.ts'),
}

const load = benches[name]
if (load === undefined) {
  process.stdout.write(`npm run bench -- ${Object.keys(benches).join(' | ')}\n`)
  process.exitCode = 2
} else {
  await (await load()).run(words)
}
