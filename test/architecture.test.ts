import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { test } from 'node:test'

/** Lower knows nothing of higher; folders of one rank are strangers, but for types. docs/architecture.md. */
const rank: Record<string, number> = {
  internal: 0,
  'errors.ts': 0,
  http: 1,
  entra: 1,
  certificate: 1,
  signer: 2,
  assertion: 2,
  token: 2,
  cache: 2,
  credential: 3,
  client: 4,
  verify: 4,
  rotation: 5,
  'index.ts': 6,
}

/** Which other packages of ours a package may name. The emulator judges alone: two wrongs must not agree. */
const mayImport: Record<string, readonly string[]> = {
  x5t: [],
  emulator: [],
  broker: ['x5t'],
  cli: ['x5t', 'x5t/aadsts', 'x5t/credential', 'x5t/file', 'x5t/verify', '@x5t/emulator'],
}

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const packages = Object.keys(mayImport)
const sources = new Map(packages.map((name) => [name, filesOf(name)]))

function filesOf(name: string): string[] {
  const root = `packages/${name}/src`
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, file).split(sep).join('/'))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const pattern =
    /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...text.matchAll(pattern)].map(([, type, named, bare, dynamic]) => {
    const target = named ?? bare ?? dynamic ?? ''
    const to = target.startsWith('.') ? posix.normalize(posix.join(dirname(file), target)) : target
    return { from: file, to, typeOnly: type !== undefined }
  })
}

const allImports = (name: string) => (sources.get(name) ?? []).flatMap(importsOf)
const folderOf = (file: string) => file.split('/')[3] ?? ''

test('in x5t a module imports its own folder and folders of a lower rank', () => {
  for (const { from, to, typeOnly } of allImports('x5t').filter((found) =>
    found.to.startsWith('packages/'),
  )) {
    const own = rank[folderOf(from)]
    const other = rank[folderOf(to)]
    assert.ok(own !== undefined, `${from} is in a folder without a rank`)
    assert.ok(other !== undefined, `${to} is in a folder without a rank`)
    if (folderOf(from) === folderOf(to)) continue
    assert.ok(other < own || (other === own && typeOnly), `${from} must not import ${to}`)
  }
})

test('the build does not need what npm may leave out: a package that is compiled where it is installed', () => {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const { from, to } of packages.flatMap(allImports))
    assert.ok(!Object.hasOwn(optionalDependencies, to), `${from} must not need ${to}, nor its types`)
})

for (const name of packages) {
  test(`${name} has no import cycle`, () => {
    const edges = new Map<string, string[]>()
    for (const { from, to } of allImports(name)) {
      edges.set(from, [...(edges.get(from) ?? []), to])
    }
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]) => {
      assert.ok(!path.includes(file), `cycle: ${[...path, file].join(' -> ')}`)
      if (done.has(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of edges.keys()) visit(file, [])
  })

  test(`${name} names other packages of ours only as the table allows`, () => {
    for (const { from, to } of allImports(name)) {
      if (!/^(x5t|@x5t)(\/|$)/.test(to)) continue
      assert.ok(mayImport[name]?.includes(to), `${from} must not import ${to}`)
    }
  })
}

/** Where effects may happen; everywhere else code is a function of its arguments. */
const effects = [
  {
    what: 'opens connections',
    pattern: /from 'node:(https?|net|tls|dns|http2)'/,
    allowed: /^packages\/(x5t\/src\/http|emulator\/src\/(start|tls|server)|broker\/src\/start|cli\/src)/,
  },
  {
    what: 'touches files',
    pattern: /from 'node:fs(\/promises)?'/,
    allowed:
      /^packages\/(x5t\/src\/(credential|cache\/file|http\/environment)|emulator\/src\/(file|portal\/assets\.ts)|cli\/src)/,
  },
  {
    what: 'reads the environment or ends the process',
    pattern: /\bprocess\.(env|exit|exitCode|argv|stdout|stderr)\b/,
    allowed: /^packages\/(x5t\/src\/http\/environment\.ts|cli\/src)/,
  },
  { what: 'prints', pattern: /\bconsole\./, allowed: /^$/ },
  { what: 'reads the clock', pattern: /\bDate\.now\(\)|\bnew Date\(\)/, allowed: /^packages\/cli\/src/ },
]

for (const { what, pattern, allowed } of effects) {
  test(`no module ${what} but those at the edge`, () => {
    for (const file of [...sources.values()].flat()) {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import type .*$/gm, '')
      assert.ok(allowed.test(file) || !pattern.test(code), `${file} ${what}`)
    }
  })
}
