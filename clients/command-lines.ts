import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { issueCertificate } from '../packages/emulator/src/certificate/issue-certificate.ts'
import { apiId, appId, stage, tls } from './services-stage.ts'

/** Command lines that log in, or take the token of ours. */

/** Debian's package kubernetes-client. Since 1.22 it asks plugins for v1 too. */
const kubectl = spawnSync('kubectl', ['version', '--client', '--output', 'json'], { encoding: 'utf8' })
const minor = Number(/"minor": *"(\d+)/.exec(kubectl.stdout)?.[1])
for (const version of minor >= 22 ? ['v1', 'v1beta1'] : ['v1beta1']) {
  test(`kubectl takes the token of x5t token --output exec-credential (${version})`, {
    skip: kubectl.error !== undefined && 'no kubectl; apt-get install kubernetes-client',
  }, async () => {
    const { entra, caPath, good, folder } = stage
    const seen: (string | undefined)[] = []
    const cluster = createServer(tls, ({ headers }, response) => {
      seen.push(headers.authorization)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{ "major": "1", "minor": "32" }')
    }).listen(0, '127.0.0.1')
    await once(cluster, 'listening')
    const { port } = cluster.address() as AddressInfo // a TCP server that listens has one
    const words = ['token', '--output', 'exec-credential', '--no-cache', '--scope', `${apiId}/.default`]
    const who = ['--tenant', entra.tenantId, '--client-id', appId, '--cert', good.path]
    const bin = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'x5t.js')
    const exec = {
      apiVersion: `client.authentication.k8s.io/${version}`,
      command: process.execPath,
      args: [bin, ...words, ...who, '--authority', entra.url, '--ca', caPath],
      interactiveMode: 'Never',
    }
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'one',
      clusters: [
        { name: 'one', cluster: { server: `https://localhost:${port}`, 'certificate-authority': caPath } },
      ],
      users: [{ name: 'one', user: { exec } }],
      contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
    }
    writeFileSync(join(folder, 'kube.json'), JSON.stringify(config), { mode: 0o600 })
    const options = { env: { PATH: process.env.PATH, HOME: folder }, cwd: folder }
    const child = spawn('kubectl', ['--kubeconfig', 'kube.json', 'get', '--raw', '/version'], options)
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    cluster.closeAllConnections()
    cluster.close()
    assert.equal(stdout, '{ "major": "1", "minor": "32" }', stderr)
    assert.equal(decodeJwt((seen[0] ?? '').replace('Bearer ', '')).azp, appId)
  })
}

const graphAppId = '00000003-0000-0000-c000-000000000000'
const az = '/usr/bin/az'
test('the Azure CLI logs in by certificate and gets a token', {
  skip: existsSync(az) ? false : 'apt-get install azure-cli',
  timeout: 120_000,
}, async () => {
  const { entra, good, folder, proxy, caPath, ports } = stage
  // It asks Resource Manager which subscriptions there are; here, none.
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const host = 'management.azure.com'
  const der = await issueCertificate({
    commonName: host,
    publicKey,
    issuer: { commonName: host, privateKey },
    notBefore: Date.now() - 3_600_000,
    notAfter: Date.now() + 86_400_000,
    purpose: { servesHosts: [host] },
  })
  const cert = new X509Certificate(der).toString()
  const asked: (string | undefined)[] = []
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const manager = createServer({ key, cert }, ({ headers }, response) => {
    asked.push(headers.authorization)
    response.setHeader('content-type', 'application/json').end('{"value":[]}')
  }).listen(0, '127.0.0.1')
  await once(manager, 'listening')
  const { port } = manager.address() as AddressInfo // a TCP server that listens has one
  ports[host] = port
  const bundle = join(folder, 'bundle.pem')
  writeFileSync(bundle, readFileSync(caPath, 'utf8') + cert)
  const run = async (...args: string[]) => {
    const child = spawn(az, args, {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AZURE_CONFIG_DIR: join(folder, 'azure'),
        AZURE_CORE_COLLECT_TELEMETRY: 'no',
        REQUESTS_CA_BUNDLE: bundle,
        HTTPS_PROXY: proxy.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { stdout, stderr, code: child.exitCode }
  }
  const login = ['login', '--service-principal', '--allow-no-subscriptions', '--output', 'json']
  const who = (tenant: string, id: string) => ['--tenant', tenant, '--username', id, '--password', good.path]
  const done = await run(...login, ...who(entra.tenantId, appId))
  assert.equal(done.code, 0, done.stderr)
  const got = await run(
    'account',
    'get-access-token',
    '--resource',
    `api://${apiId}`,
    '--tenant',
    entra.tenantId,
  )
  assert.equal(got.code, 0, got.stderr)
  const { azp, azpacr } = decodeJwt(JSON.parse(got.stdout).accessToken)
  assert.deepEqual([azp, azpacr], [appId, '2'])

  assert.equal(decodeJwt((asked[0] ?? '').replace('Bearer ', '')).appid, appId)

  const { appId: bareId } = entra.addApp({ name: 'bare' })
  const refused = await run(...login, ...who(entra.tenantId, bareId))
  assert.notEqual(refused.code, 0)
  assert.match(refused.stderr, /AADSTS700027/)
  manager.closeAllConnections()
  manager.close()
})

test('CLI for Microsoft 365 logs in by certificate, lists apps of the Graph subset, and is refused by its certificate', {
  timeout: 120_000,
}, async () => {
  const { entra, good, folder, caPath } = stage
  const bin = join('node_modules', '@pnp', 'cli-microsoft365', 'dist', 'index.js')
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NODE_EXTRA_CA_CERTS: caPath,
    X5T_HOSTS: `login.microsoftonline.com=${entra.port},graph.microsoft.com=${entra.port}`,
    CLIMICROSOFT365_DISABLETELEMETRY: '1',
  }
  const m365 = async (...args: string[]) => {
    const child = spawn(process.execPath, ['--require', './drivers/map-hosts.cjs', bin, ...args], {
      cwd: import.meta.dirname,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { stdout, stderr, code: child.exitCode }
  }
  const login = (id: string) =>
    m365(
      'login',
      '--authType',
      'certificate',
      '--certificateFile',
      good.path,
      '--appId',
      id,
      '--tenant',
      entra.tenantId,
    )
  entra.grantRole({ clientAppId: appId, resourceAppId: graphAppId, role: 'Application.Read.All' })
  const done = await login(appId)
  assert.equal(done.code, 0, done.stderr)
  const apps = await m365('entra', 'app', 'list', '--output', 'json')
  assert.equal(apps.code, 0, apps.stderr)
  assert.ok(JSON.parse(apps.stdout).some((app: { appId: string }) => app.appId === appId))

  await m365('logout')
  const { appId: bareId } = entra.addApp({ name: 'bare' })
  const refused = await login(bareId)
  assert.match(`${refused.stdout}${refused.stderr}`, /AADSTS700027/)
})
