/**
 * Which key files are read, by whom: the corpus of the tests, those files that load and need one path, beside node:crypto
 * alone, `@azure/identity` and `pkijs`; then what the reading of PFX files costs here and with `pkijs`.
 */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ClientCertificateCredential } from '@azure/identity'
import * as pkijs from 'pkijs'
import { loadCredential } from 'x5t'
import { opensslRows, place, type Specimen, specimensOf } from '../packages/x5t/test/corpus/corpus.ts'
import { type Kit, makeKit } from '../packages/x5t/test/corpus/kit.ts'
import { exportPfx } from '../packages/x5t/test/support/pfx.ts'

interface KeyFile {
  readonly name: string
  readonly path: string
  readonly content: Buffer
  readonly passphrase: string | undefined
  readonly isPfx: boolean
}

/** Reads a file as its users would, and throws when it cannot; the key it found, where it says. */
type Reader = (file: KeyFile, kit: Kit) => Promise<KeyObject | undefined>

const readers: Record<string, Reader> = {
  async x5t({ path, passphrase }) {
    await loadCredential({ path, passphrase })
    return undefined
  },
  async 'node:crypto'({ content, passphrase }) {
    const key = createPrivateKey({ key: content, passphrase })
    if (!new X509Certificate(content).checkPrivateKey(key)) throw new Error('another certificate')
    return key
  },
  '@azure/identity': readByIdentity,
  pkijs: ({ content, passphrase }) => readByPkijs(content, passphrase ?? ''),
}

export async function run(): Promise<void> {
  const kit = makeKit()
  const files = specimensOf(opensslRows)
    .filter(({ outcome }) => outcome === 'loads')
    .flatMap((specimen) => keyFileOf(specimen, kit))
  const pfxFiles = files.filter(({ isPfx }) => isPfx)
  print(`files that should load: ${files.length}, of them PFX: ${pfxFiles.length}\n`)
  for (const [name, read] of Object.entries(readers)) {
    const good = new Set<string>()
    for (const file of files) if (await reads(read, file, kit)) good.add(file.name)
    const goodPfx = pfxFiles.filter((file) => good.has(file.name)).length
    print(`${name.padEnd(16)} reads ${String(good.size).padStart(3)}, of the PFX ${goodPfx}`)
  }
  const here = dirname(realpathSync('node_modules/x5t/package.json'))
  const ours = ['certificate', 'credential/source.js'].map((part) => join(here, 'dist', part))
  print(
    `\n                 on the disk  import, CPU  20 PFX, CPU  longest hold of the event loop, a million rounds`,
  )
  const costly = exportPfx(kit.files, 'correct horse', '-iter', '1000000')
  const twenty = pfxFiles.filter(({ name }) => /^(modern|legacy)/.test(name)).slice(0, 20)
  for (const [name, folders, entry, read] of [
    ['x5t', ours, join(here, 'dist/certificate/pfx/read-pfx.js'), readers.x5t],
    ['pkijs', packagesOf('pkijs'), 'pkijs', readers.pkijs],
  ] as const) {
    const bytes = folders.reduce((sum, folder) => sum + sizeOf(folder), 0)
    const cpu = await cpuOf(async () => {
      for (const file of twenty) if (read !== undefined) await reads(read, file, kit)
    })
    const held = await longestHold(async () => {
      const file = { name: 'costly', path: '', content: costly, passphrase: 'correct horse', isPfx: true }
      if (name === 'x5t') await loadCredential({ pfx: costly, passphrase: file.passphrase })
      else await readByPkijs(file.content, file.passphrase)
    })
    const columns = [
      `${Math.round(bytes / 1_000)} kB`,
      `${importMs(entry)} ms`,
      `${Math.round(cpu)} ms`,
      `${Math.round(held)} ms`,
    ]
    print(`${name.padEnd(14)}${columns.map((column) => column.padStart(14)).join('')}`)
  }
}

/** None for a specimen that takes several files, or no passphrase of its own. */
function keyFileOf(specimen: Specimen, kit: Kit): KeyFile[] {
  const { source } = place(specimen, kit)
  const [path, ...more] = source.path
  if (path === undefined || more.length > 0) return []
  const { name } = specimen
  const { passphrase } = source
  return [{ name, path, content: readFileSync(path), passphrase, isPfx: name.endsWith('.pfx') }]
}

async function reads(read: Reader, file: KeyFile, kit: Kit): Promise<boolean> {
  try {
    const key = await read(file, kit)
    return key === undefined || createPublicKey(key).equals(createPublicKey(kit.key))
  } catch {
    return false
  }
}

/** Gets a token from a service that is played here; read is what signs for the leaf. */
async function readByIdentity({ path, passphrase }: KeyFile, { pem }: Kit): Promise<undefined> {
  const tenant = '8c5a3a1e-0000-4000-8000-000000000000'
  const origin = `https://login.microsoftonline.com/${tenant}`
  let signed = false
  const metadata = {
    issuer: `${origin}/v2.0`,
    authorization_endpoint: `${origin}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/discovery/v2.0/keys`,
  }
  const credential = new ClientCertificateCredential(
    tenant,
    tenant,
    { certificatePath: path, ...(passphrase ? { certificatePassword: passphrase } : {}) },
    {
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
      httpClient: {
        async sendRequest(request) {
          const assertion = new URLSearchParams(String(request.body ?? '')).get('client_assertion') ?? ''
          const end = assertion.lastIndexOf('.')
          const { publicKey } = new X509Certificate(pem.leaf)
          const key = { key: publicKey, padding: 6, saltLength: 32 }
          const signature = Buffer.from(assertion.slice(end + 1), 'base64url')
          if (end > 0) signed = verify('sha256', Buffer.from(assertion.slice(0, end)), key, signature)
          const answer =
            request.method === 'GET'
              ? metadata
              : { token_type: 'Bearer', expires_in: 3599, access_token: 'a' }
          return { request, status: 200, headers: request.headers, bodyAsText: JSON.stringify(answer) }
        },
      },
    },
  )
  await credential.getToken('https://graph.microsoft.com/.default')
  if (!signed) throw new Error('not signed by the key of the leaf')
  return undefined
}

async function readByPkijs(content: Buffer, passphrase: string): Promise<KeyObject> {
  const password = new Uint8Array(Buffer.from(passphrase)).buffer
  const pfx = pkijs.PFX.fromBER(content)
  await pfx.parseInternalValues({ password, checkIntegrity: true })
  const safe = pfx.parsedValue?.authenticatedSafe
  if (safe === undefined) throw new Error('no safe')
  await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) })
  const contents: { value: pkijs.SafeContents }[] = safe.parsedValue.safeContents
  const bags = contents.flatMap(({ value }) => value.safeBags).map(({ bagValue }) => bagValue)
  if (!bags.some((bag) => bag instanceof pkijs.CertBag)) throw new Error('no certificate')
  for (const bag of bags) {
    if (bag instanceof pkijs.PKCS8ShroudedKeyBag) {
      await (bag as unknown as { parseInternalValues(by: object): Promise<void> }).parseInternalValues({
        password,
      }) // protected in its types, and the only way
      if (bag.parsedValue === undefined) continue
      return keyOf(bag.parsedValue)
    }
    if (bag instanceof pkijs.PrivateKeyInfo) return keyOf(bag)
  }
  throw new Error('no key')
}

function keyOf(info: pkijs.PrivateKeyInfo): KeyObject {
  return createPrivateKey({ key: Buffer.from(info.toSchema().toBER()), format: 'der', type: 'pkcs8' })
}

/** A package and what it installs. */
function packagesOf(name: string, seen = new Set<string>()): string[] {
  if (seen.has(name)) return []
  seen.add(name)
  const folder = join('node_modules', name)
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return [folder, ...Object.keys(dependencies).flatMap((needed) => packagesOf(needed, seen))]
}

function sizeOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

/** CPU time besides that of Node and its own modules, best of fifteen processes. */
function importMs(entry: string): number {
  const target = entry.startsWith('/') ? `file://${entry}` : entry
  const script = `
    import 'node:crypto'
    const before = process.cpuUsage()
    await import('${target}')
    const { user, system } = process.cpuUsage(before)
    console.log((user + system) / 1_000)`
  const times = Array.from({ length: 15 }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  )
  return Math.round(Math.min(...times))
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  await work() // in which the compiler learns
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now()
  let longest = 0
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  try {
    await work()
  } finally {
    look()
    clearInterval(timer)
  }
  return longest
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
