import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadKeyPair } from 'x5t'
import { createKeyStage, passphrase } from './support/key-stage.ts'

let stage: Awaited<ReturnType<typeof createKeyStage>>['stage']
let made: Awaited<ReturnType<typeof createKeyStage>>['made']
let x509: X509Certificate

before(async () => {
  ;({ stage, made } = await createKeyStage())
  x509 = new X509Certificate(made.certificatePem)
})
after(() => stage.remove())

const modeOf = (name: string) => statSync(join(stage.folder, name)).mode & 0o777

const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: stage.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const skipWithoutOpenssl = { skip: hasOpenssl ? false : 'needs OpenSSL: apt-get install openssl' }

const convert = (...words: string[]) => stage.x5t(['cert', 'convert', ...words])
const opens = ['--passphrase-file', 'passphrase.txt']

test(
  'cert convert writes each form, 0600 where it holds the key, as OpenSSL reads it',
  skipWithoutOpenssl,
  async () => {
    const print = `sha256 Fingerprint=${x509.fingerprint256}\n`
    const fingerprint = (file: string, ...more: string[]) =>
      openssl('x509', '-in', file, '-noout', '-fingerprint', '-sha256', ...more)

    assert.equal((await convert('both.pem', '--to', 'cer', '--out', 'a.cer')).stdout, 'wrote a.cer\n')
    assert.equal(fingerprint('a.cer', '-inform', 'DER'), print)
    assert.equal((await convert('billing.pfx', ...opens, '--to', 'crt', '--out', 'a.crt')).code, 0)
    assert.equal(fingerprint('a.crt'), print)

    const pfx = await convert('billing.crt', 'billing.key', ...opens, '--to', 'pfx', '--out', 'a.pfx')
    assert.deepEqual([pfx.stdout, pfx.code], ['wrote a.pfx (0600)\n', 0])
    openssl('pkcs12', '-in', 'a.pfx', '-passin', `pass:${passphrase}`, '-noenc', '-out', 'from-pfx.pem')
    assert.equal(fingerprint('from-pfx.pem'), print)

    const changed = ['--new-passphrase-file', 'new.txt']
    const pem = await convert('locked.pem', ...opens, ...changed, '--to', 'pem', '--out', 'a.pem')
    assert.equal(pem.stdout, 'wrote a.pem (0600)\n')
    openssl('pkey', '-in', 'a.pem', '-passin', 'pass:another', '-out', 'from-pem.key')
    assert.equal(
      openssl('pkey', '-in', 'from-pem.key', '-pubout'),
      openssl('x509', '-in', 'a.pem', '-noout', '-pubkey'),
    )

    const plain = ['--unencrypted-key', '--insecure']
    const pair = await convert('locked.pem', ...opens, ...plain, '--to', 'pair', '--out', 'b.pem')
    assert.equal(pair.stdout, 'wrote b.key (0600), b.crt\n')
    assert.ok(createPrivateKey(stage.read('b.key')).equals(createPrivateKey(made.privateKeyPem)))
    const azure = await convert('locked.pem', ...opens, ...plain, '--to', 'azure-devops', '--out', 'ado.pem')
    assert.equal(azure.code, 0, azure.stderr)
    assert.match(stage.read('ado.pem'), /^Bag Attributes\n {4}localKeyID: [\s\S]*BEGIN PRIVATE KEY/)
    if (process.platform !== 'win32') {
      assert.deepEqual(['a.cer', 'a.crt', 'b.crt'].map(modeOf), [0o644, 0o644, 0o644])
      assert.deepEqual(['a.pfx', 'a.pem', 'b.key', 'ado.pem'].map(modeOf), [0o600, 0o600, 0o600, 0o600])
    }
  },
)

test('cert convert finds the certificate in either of two files', async () => {
  for (const files of [
    ['billing.crt', 'billing.key'],
    ['billing.key', 'billing.crt'],
  ]) {
    const { code, stdout, stderr } = await convert(...files, '--to', 'crt', '--out', '-')
    assert.deepEqual([code, stdout], [0, made.certificatePem], stderr)
  }
})

test('cert convert decides nothing by itself: no passphrase, no --out, a file that exists', async () => {
  const last = ({ stderr }: { stderr: string }) => stderr.trim().split('\n').at(-1)
  const open = await convert('both.pem', '--to', 'pem', '--out', 'c.pem')
  assert.deepEqual([open.code, last(open), existsSync(join(stage.folder, 'c.pem'))], [2, 'ERR_USAGE', false])
  assert.match(open.stderr, /no passphrase for the key/)
  assert.equal((await convert('both.pem', '--to', 'pem')).code, 2)
  assert.equal((await convert('both.pem', '--to', 'pem', '--out', 'c.pem', '--insecure')).code, 2)
  const bare = ['--unencrypted-key', '--insecure']
  assert.equal((await convert('both.pem', '--to', 'pfx', '--out', 'c.pfx', ...bare)).code, 2)
  assert.equal((await convert('both.pem', '--to', 'pair', '--out', '-', ...bare)).code, 2)
  const exists = await convert('both.pem', '--to', 'cer', '--out', 'billing.crt')
  assert.deepEqual([exists.code, last(exists)], [3, 'ERR_FILE_EXISTS'])
  assert.equal(stage.read('billing.crt'), made.certificatePem)
  assert.equal((await convert('billing.crt', '--to', 'pfx', '--out', 'c.pfx', ...opens)).code, 3)
})

test('cert convert --out - writes to standard output, bytes as they are', async () => {
  const chunks: Uint8Array[] = []
  const stdout = { write: (content: string | Uint8Array) => chunks.push(Buffer.from(content)) }
  await stage.x5t(['cert', 'convert', 'billing.crt', '--to', 'cer', '--out', '-'], { stdout })
  assert.ok(Buffer.concat(chunks).equals(x509.raw))
})

test('cert export copies the configured certificate, and its key only where a form with the key is named', async () => {
  const env = { ...stage.env, X5T_CERTIFICATE_PATH: 'locked.pem' }
  const options = { env: { ...env, X5T_PASSPHRASE: passphrase } }
  const cer = await stage.x5t(['cert', 'export', '--out', 'exported.cer'], options)
  assert.equal(cer.stdout, 'wrote exported.cer\n', cer.stderr)
  assert.ok(readFileSync(join(stage.folder, 'exported.cer')).equals(x509.raw))
  const pair = await stage.x5t(['cert', 'export', '--to', 'pair', '--out', 'exported'], options)
  assert.equal(pair.stdout, 'wrote exported.key (0600), exported.crt\n')
  assert.ok(createPrivateKey({ key: stage.read('exported.key'), passphrase }))
})

test('cert new makes the form that is asked for, with the subject that is asked for', async () => {
  const words = ['cert', 'new', '--name', 'fresh', '--organization', 'Contoso, Ltd.', ...opens]
  const pfx = await stage.x5t([...words, '--to', 'pfx', '--days', '30'])
  assert.match(pfx.stdout, /^wrote fresh\.pfx \(0600\), valid until \d{4}-\d\d-\d\d\n$/)
  assert.match(
    pfx.stderr,
    /the certificate alone: x5t cert convert fresh\.pfx --to cer --out fresh\.cer\nnext: /,
  )
  const { certificate } = await loadKeyPair({ path: join(stage.folder, 'fresh.pfx'), passphrase })
  assert.equal(certificate.subject, 'O=Contoso\\, Ltd., CN=fresh')
  const again = await stage.x5t([...words, '--to', 'pfx'])
  assert.deepEqual([again.code, again.stdout], [3, ''])
  const elsewhere = await stage.x5t([...words, '--to', 'pem', '--out', 'elsewhere.pem'])
  assert.match(elsewhere.stdout, /^wrote elsewhere\.pem \(0600\)/)
  mkdirSync(join(stage.folder, 'my keys'))
  const below = await stage.x5t([...words, '--out', 'my keys/k'])
  assert.match(below.stdout, /^wrote my keys.k\.key \(0600\), my keys.k\.crt,/)
  assert.match(below.stderr, /next: [^\n]*: x5t emulator cert add 'my keys.k\.crt'\n$/)
  const converted = await stage.x5t([
    'cert',
    'convert',
    'my keys/k.crt',
    '--to',
    'cer',
    '--out',
    'my keys/k.cer',
  ])
  assert.match(converted.stdout, /^wrote my keys.k\.cer\n$/)
})

test('cert new asks twice for a passphrase where a person can be asked', async () => {
  const answers = ['one', 'two', 'same', 'same']
  const tty = () => ({
    stdin: Object.assign((async function* () {})(), { isTTY: true }),
    stdout: { isTTY: true, write: () => {} },
    ask: async () => answers.shift() ?? '',
    env: {},
  })
  const differ = await stage.x5t(['cert', 'new', '--name', 'asked'], tty())
  assert.deepEqual([differ.code, existsSync(join(stage.folder, 'asked.key'))], [2, false])
  assert.equal((await stage.x5t(['cert', 'new', '--name', 'asked'], tty())).code, 0)
  assert.ok(createPrivateKey({ key: stage.read('asked.key'), passphrase: 'same' }))
})
