import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { build } from 'esbuild'

/** Packs the packages, installs the tarballs into an empty folder as npm does, and uses them from there. */
const packages = ['x5t', 'emulator', 'broker', 'cli']
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'x5t-packed-'))
  run(
    process.execPath,
    ['--import', './scripts/typescript.js', 'scripts/stage-x5t.ts', join(folder, 'staged')],
    '.',
  )
  const places = packages.map((name) => (name === 'x5t' ? join(folder, 'staged') : resolve('packages', name)))
  const packed = run(
    npm,
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, ...places],
    '.',
  )
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  assert.equal(tarballs.length, packages.length, packed)
  const dependencies = Object.fromEntries(
    tarballs.map((file) => [nameOf(file), `file:${join(folder, file)}`]),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, overrides: thirdParty() }),
  )
  run(npm, ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'])
})
after(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, parameters: readonly string[], cwd = folder): string {
  return execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function nameOf(tarball: string): string {
  const name = tarball.replace(/-\d+\.\d+\.\d+\.tgz$/, '')
  return name === 'x5t' ? name : name.replace('x5t-', '@x5t/')
}

/** What our packages need from others, taken from this checkout: a test must not need the network. */
function thirdParty(): Record<string, string> {
  const found: Record<string, string> = {}
  const visit = (manifest: string) => {
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
    for (const name of Object.keys(dependencies)) {
      if (/^(x5t$|@x5t\/)/.test(name) || found[name] !== undefined) continue
      const installed = resolve('node_modules', name)
      assert.ok(existsSync(installed), `${name} is not installed`)
      found[name] = `file:${installed}`
      visit(join(installed, 'package.json'))
    }
  }
  for (const name of packages) visit(`packages/${name}/package.json`)
  return found
}

test('the installed packages export what they promise', () => {
  const script = `
    import { createClient, loadCredential, generateCertificate } from 'x5t'
    import { createVerifier } from 'x5t/verify'
    import { startEmulator } from '@x5t/emulator'
    import { startBroker } from '@x5t/broker'
    process.stdout.write([createClient, loadCredential, generateCertificate, createVerifier, startEmulator, startBroker].map((f) => typeof f).join())`
  writeFileSync(join(folder, 'use.js'), script)
  assert.equal(run(process.execPath, ['use.js']), Array(6).fill('function').join())
})

test('the installed emulator finds its pages, its stylesheet and Graph', () => {
  const script = `
    import { startEmulator } from '@x5t/emulator'
    const entra = await startEmulator({ http: true })
    const answers = ['/_emulator/portal', '/_emulator/portal/portal.css', '/v1.0/applications'].map(async (path) => (await fetch(entra.url + path)).status)
    process.stdout.write(String(await Promise.all(answers)))
    await entra.stop()`
  writeFileSync(join(folder, 'emulator.js'), script)
  assert.equal(run(process.execPath, ['emulator.js']), '200,200,401')
})

test('an error is an instance of the one class, of whatever entry point or module that is loaded on use', () => {
  const script = `
    import { loadCredential, X5tError } from 'x5t'
    import { createVerifier } from 'x5t/verify'
    const verifier = createVerifier({ tenant: 'contoso.com', audience: 'api://a', clients: 'any', fetch: async () => new Response() })
    const emptyPfx = Buffer.from('30050201033000', 'hex')
    for (const failing of [verifier.verify('no token'), loadCredential({ pfx: emptyPfx })])
      await failing.catch((error) => process.stdout.write(error.code + (error instanceof X5tError) + ' '))`
  writeFileSync(join(folder, 'errors.js'), script)
  assert.equal(run(process.execPath, ['errors.js']), 'ERR_TOKEN_MALFORMEDtrue ERR_INPUT_DAMAGEDtrue ')
})

test('the files that a token takes are few', () => {
  const count = `
    export async function load(url, context, next) {
      if (url.includes('/node_modules/x5t/')) console.log(url)
      return next(url, context)
    }`
  writeFileSync(join(folder, 'count.js'), count)
  writeFileSync(
    join(folder, 'counting.js'),
    "import { register } from 'node:module'; register('./count.js', import.meta.url)",
  )
  const script = `
    import { createClient, generateCertificate, loadCredential } from 'x5t'
    const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a' })
    const fetch = async () => Response.json({ token_type: 'Bearer', expires_in: 3600, access_token: 'a' })
    const credential = await loadCredential({ pem: certificatePem + privateKeyPem })
    await createClient({ tenant: 'contoso.com', clientId: 'a', credential, fetch }).getToken({ scope: 'a' })`
  writeFileSync(join(folder, 'token.js'), script)
  const loaded = run(process.execPath, ['--import', './counting.js', 'token.js']).trim().split('\n')
  const names = loaded.map((url) => url.replace(/^.*\/dist\//, '')).sort()
  assert.deepEqual(names, ['certificate/self-sign.js', 'http/fetch-exchange.js', 'index.js'])
})

test('a bundler finds what is loaded on use', async () => {
  const script = `
    import { loadCertificate } from 'x5t'
    const noPfx = Buffer.from('30050201033000', 'hex')
    await loadCertificate({ pfx: noPfx }).catch((error) => process.stdout.write(error.code))`
  writeFileSync(join(folder, 'to-bundle.js'), script)
  const outfile = join(folder, 'bundled', 'main.js')
  await build({
    entryPoints: [join(folder, 'to-bundle.js')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  assert.equal(run(process.execPath, [outfile]), 'ERR_INPUT_DAMAGED')
})

test('x5t alone is one package', () => {
  const { dependencies = {}, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(folder, 'node_modules/x5t/package.json'), 'utf8'),
  )
  assert.deepEqual(dependencies, {})
  assert.deepEqual(peerDependenciesMeta, { pkcs11js: { optional: true } })
})

test('x5t needs no other package', () => {
  assert.equal(JSON.parse(readFileSync('packages/x5t/package.json', 'utf8')).dependencies, undefined)
})

test('importing x5t and loading a PEM loads none of the code for PFX files, passphrases and new certificates', () => {
  const loader = `export async function load(url, context, next) {
    if (/certificate.(pfx.(read|write)-|encryption.(decrypt|pbes2|pkcs12|rc2|traditional)|self-sign|write-der)/.test(url))
      throw new Error('loaded ' + url)
    return next(url, context)
  }`
  writeFileSync(join(folder, 'refuse.js'), loader)
  writeFileSync(
    join(folder, 'register.js'),
    "import { register } from 'node:module'; register('./refuse.js', import.meta.url)",
  )
  const scripts = (passphrase: string) => ({
    make: `
      import { writeFileSync } from 'node:fs'
      import { generateCertificate } from 'x5t'
      const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'a', passphrase: ${passphrase} })
      writeFileSync('made.pem', certificatePem + privateKeyPem, { mode: 0o600 })`,
    load: `
      import { loadCredential } from 'x5t'
      import 'x5t/verify'
      await loadCredential({ path: 'made.pem', passphrase: ${passphrase} })
      process.stdout.write('loaded')`,
  })
  const makeAndLoad = (passphrase: string) => {
    for (const [name, script] of Object.entries(scripts(passphrase)))
      writeFileSync(join(folder, `${name}.js`), script)
    run(process.execPath, ['make.js'])
    return run(process.execPath, ['--import', './register.js', 'load.js'])
  }
  assert.equal(makeAndLoad('undefined'), 'loaded')
  assert.throws(() => makeAndLoad("'secret'"), /loaded .*decrypt-with-password/)
})

test('npx x5t --help runs from the installed package', () => {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  assert.match(run(npx, ['--offline', 'x5t', '--help']), /x5t token/)
})

test('the tarball of x5t holds code, types, and no source or test', () => {
  const [{ files }] = JSON.parse(
    run(npm, ['pack', '--dry-run', '--ignore-scripts', '--json', join(folder, 'staged')], '.'),
  )
  const paths: string[] = files.map(({ path }: { path: string }) => path)
  assert.ok(paths.includes('dist/index.js') && paths.includes('dist/index.d.ts') && paths.includes('LICENSE'))
  assert.deepEqual(
    paths.filter((path) => /(^|\/)(src|test)\//.test(path) || /\.map$|tsbuildinfo/.test(path)),
    [],
  )
})
