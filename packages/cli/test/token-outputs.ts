import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { AzureCliCredential } from '@azure/identity'
import { demo } from '@x5t/emulator'
import { bin, environment, ran, scope, stage, windows } from './support/token-stage.ts'

/** The forms in which `x5t token` prints, as those read them for whom they are. */

test('--output env is read by a shell, header by curl, as they are', {
  skip: windows && 'no sh',
}, async () => {
  const { stdout } = await stage.x5t(['token', '--output', 'env'])
  const read = await promisify(execFile)('sh', ['-c', `${stdout}\nprintf %s "$X5T_ACCESS_TOKEN"`])
  assert.equal(`${read.stdout}\n`, (await stage.x5t(['token'])).stdout)
  assert.match(
    (await stage.x5t(['token', '--output', 'header'])).stdout,
    /^Authorization: Bearer eyJ[^\n]+\n$/,
  )
})

test('--output exec-credential is what kubectl reads, in the version that it asks for', async () => {
  for (const version of ['v1', 'v1beta1']) {
    const info = `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/${version}","spec":{}}`
    const env = { ...stage.env, KUBERNETES_EXEC_INFO: info }
    const { stdout } = await stage.x5t(['token', '--output', 'exec-credential'], { env })
    const { apiVersion, kind, status, ...rest } = JSON.parse(stdout)
    assert.deepEqual(
      [apiVersion, kind, rest],
      [`client.authentication.k8s.io/${version}`, 'ExecCredential', {}],
    )
    assert.deepEqual(Object.keys(status), ['token', 'expirationTimestamp'])
    // metav1.Time: RFC 3339 in whole seconds.
    assert.match(status.expirationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  }
})

test('--output azure-cli is what the Azure SDK reads of az', { skip: windows && 'no sh' }, async () => {
  const folder = join(stage.folder, 'bin')
  mkdirSync(folder)
  const az = [
    '#!/bin/sh',
    'while [ $# -gt 0 ]; do [ "$1" = --resource ] && resource=$2; shift; done',
    `cd '${stage.folder}' && exec '${process.execPath}' '${bin}' token --output azure-cli --resource "$resource"`,
  ]
  writeFileSync(join(folder, 'az'), az.join('\n'))
  chmodSync(join(folder, 'az'), 0o755)
  const before = { ...process.env }
  Object.assign(process.env, environment({ PATH: `${folder}:${before.PATH}`, TZ: 'Asia/Kolkata' }))
  try {
    const found = await new AzureCliCredential().getToken(scope)
    const { expiresOn } = JSON.parse(
      (await stage.x5t(['token', '--resource', `api://${demo.carsAppId}`, '--json'])).stdout,
    )
    assert.match(found.token, /^eyJ/)
    assert.equal(found.expiresOnTimestamp, expiresOn * 1_000)
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
})

test('times are the same in every zone', async () => {
  await ran(['token'])
  const [kolkata, utc] = await Promise.all(
    ['Asia/Kolkata', 'UTC'].map((TZ) => ran(['token', '--output', 'json'], environment({ TZ }))),
  )
  assert.equal(kolkata?.stdout, utc?.stdout)
})
