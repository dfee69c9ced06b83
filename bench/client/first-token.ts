import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientId, type Name, type Setting, tenantId } from './clients.ts'
import type { Stage } from './stage.ts'

const graph = 'https://graph.microsoft.com/.default'

/** The shortest program that prints a word once it has a token; plain JavaScript, for a loader would be counted too. */
const programs: Record<Name, (setting: Setting) => string> = {
  x5t: ({ url, path }) => `
    import { createClient, loadCredential } from 'x5t'
    const credential = await loadCredential({ path: '${path}' })
    const client = createClient({ tenant: '${tenantId}', authority: '${url}', clientId: '${clientId}', credential })
    await client.getToken({ scope: '${graph}' })
    process.stdout.write('done')`,
  msal: ({ url, path, thumbprintSha256Hex }) => `
    import { readFileSync } from 'node:fs'
    import { ConfidentialClientApplication } from '@azure/msal-node'
    const clientCertificate = { thumbprintSha256: '${thumbprintSha256Hex}', privateKey: readFileSync('${path}', 'utf8') }
    const authority = '${url}/${tenantId}'
    const auth = { clientId: '${clientId}', authority, knownAuthorities: [new URL(authority).host], clientCertificate }
    await new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({ scopes: ['${graph}'] })
    process.stdout.write('done')`,
  identity: ({ url, path }) => `
    import { ClientCertificateCredential } from '@azure/identity'
    const options = { authorityHost: '${url}', disableInstanceDiscovery: true }
    await new ClientCertificateCredential('${tenantId}', '${clientId}', '${path}', options).getToken('${graph}')
    process.stdout.write('done')`,
  bare: ({ url, path, thumbprintSha256Hex }) => `
    import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto'
    import { readFileSync } from 'node:fs'
    import { request } from 'node:https'
    const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const thumbprint = Buffer.from('${thumbprintSha256Hex}', 'hex').toString('base64url')
    const aud = '${url}/${tenantId}/oauth2/v2.0/token'
    const exp = Math.floor(Date.now() / 1000) + 600
    const claims = { aud, iss: '${clientId}', sub: '${clientId}', jti: randomUUID(), exp }
    const input = encode({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint }) + '.' + encode(claims)
    const key = createPrivateKey(readFileSync('${path}'))
    const signature = sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
    const form = new URLSearchParams({ client_id: '${clientId}', scope: '${graph}', grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: input + '.' + signature.toString('base64url') }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    request(aud, { method: 'POST', headers }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk) => { text += chunk })
      incoming.on('end', () => { if (JSON.parse(text).access_token) process.stdout.write('done') })
    }).end(form)`,
}

/** Milliseconds from the start of a process to its first token; the program is a file, x5t as it is published. */
export async function firstToken(name: Name, { setting, env, installed }: Stage): Promise<number> {
  const program = join(installed, `${name}.mjs`)
  writeFileSync(program, programs[name](setting))
  const start = performance.now()
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [word] = await Promise.race([once(child.stdout, 'data'), ended])
  const ms = performance.now() - start
  await ended
  if (String(word) !== 'done') throw new Error(`${name} got no token`)
  return ms
}
