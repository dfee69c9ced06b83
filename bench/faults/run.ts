/**
 * `npm run bench -- faults`, with `all` to name every fault that is not handled. The scripted faults of packages/x5t/test/faults, met by x5t and by the official libraries, over TLS as these
 * want it. Fully: the token where one can be had, else an error, within 35 s, without asking again and again, and with
 * the assertion neither in the error nor anywhere but at the endpoint.
 */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateCertificate, loadCredential } from 'x5t'
import type { Finding, Job } from './meet.ts'

export async function run(words: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'x5t-faults-'))
  try {
    const [key, cert] = [join(folder, 'server.key'), join(folder, 'server.pem')]
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost']
    const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert]
    execFileSync('openssl', [...request, ...names], { stdio: 'ignore' })
    const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'faults' })
    const path = join(folder, 'faults.pem')
    writeFileSync(path, privateKeyPem + certificatePem, { mode: 0o600 })
    const { thumbprintSha256Hex } = (await loadCredential({ path })).certificate
    for (const name of ['x5t', 'msal', 'identity'] as const) {
      const findings = await meetAll({ name, path, thumbprintSha256Hex, key, cert })
      const flawed = findings.filter(({ flaw }) => flaw !== undefined)
      say(`${name.padEnd(10)} ${findings.length - flawed.length} of ${findings.length} handled fully`)
      const counts = new Map<string, number>()
      for (const { flaw = '' } of flawed) counts.set(flaw, (counts.get(flaw) ?? 0) + 1)
      for (const [flaw, count] of counts) say(`  ${String(count).padStart(3)} ${flaw}`)
      if (words.includes('all')) for (const { fault, flaw } of flawed) say(`      ${fault}: ${flaw}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In a process of its own, that trusts the server; its stdout is the test runner's, whose hooks the servers use. */
async function meetAll(job: Job): Promise<Finding[]> {
  const child = fork(join(import.meta.dirname, 'meet.ts'), [JSON.stringify(job)], {
    execArgv: ['--import', './scripts/typescript.js'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: job.cert, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [findings] = await once(child, 'message')
  child.kill()
  return findings
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
