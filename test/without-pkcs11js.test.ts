import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

const x5t = fileURLToPath(new URL('../packages/x5t/', import.meta.url))
const uri = 'pkcs11:token=Signing?module-path=/nowhere.so'

for (const [what, index, hint] of [
  ['not there, as npm leaves it out', undefined, /^first a C\+\+ compiler, .*then npm install pkcs11js;/],
  ['there and not built', "require('./build/Release/pkcs11.node')", /npm rebuild pkcs11js/],
] as const) {
  test(`ERR_PKCS11_UNAVAILABLE says what helps where pkcs11js is ${what}`, async (t) => {
    const modules = join(mkdtempSync(join(tmpdir(), 'x5t-pkcs11js-')), 'node_modules')
    t.after(() => rmSync(join(modules, '..'), { recursive: true }))
    for (const part of ['package.json', 'dist']) {
      cpSync(join(x5t, part), join(modules, 'x5t', part), { recursive: true })
    }
    if (index !== undefined) {
      mkdirSync(join(modules, 'pkcs11js'))
      writeFileSync(join(modules, 'pkcs11js', 'index.js'), index)
    }
    const entry = pathToFileURL(join(modules, 'x5t/dist/credential/pkcs11/index.js'))
    const { loadPkcs11Credential } = await import(entry.href)
    await assert.rejects(loadPkcs11Credential({ uri }), { code: 'ERR_PKCS11_UNAVAILABLE', hint })
  })
}
