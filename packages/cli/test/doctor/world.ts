import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { demo, demoSeed, type Emulator, startEmulator } from '@x5t/emulator'
import { exportPfx, type GeneratedCertificate, generateCertificate, loadKeyPair } from 'x5t'
import { createStage } from '../support/stage.ts'

/** A broken set-up: how it comes about, and the cause that must be named first. */
export interface SetUp {
  readonly what: string
  /** Changes a set-up that works; returns what is different about the run. */
  arrange(world: World): Promise<Run> | Run
  /** The check that names the cause. */
  readonly check: string
  readonly cause: RegExp
  /** What the first remedy says. */
  readonly remedy: RegExp
}

export interface Run {
  /** Options in place of those of the set-up that works. */
  readonly options?: Readonly<Record<string, string | undefined>>
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Of the command line. */
  readonly now?: () => number
  /** 0 for a warning. */
  readonly code?: number
  readonly afterwards?: () => void
}

export const day = 86_400_000
const passphrase = 'correct horse 9~battery'
const sealing = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const

const livesAtMost = (maxLifetime: string) => ({
  keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime', maxLifetime }],
})

/** A tenant in which certificates live 90 days at most, those of one application 30. */
const strictTenant = {
  id: '90909090-6c1f-4d0b-9a54-0f6c1d2b7e31',
  domains: ['strict.onmicrosoft.com'],
  displayName: 'Strict',
  apps: [],
  appManagementPolicy: {
    isEnabled: true,
    applicationRestrictions: livesAtMost('P90D'),
  },
  assignedPolicies: [
    {
      id: '30303030-6c1f-4d0b-9a54-0f6c1d2b7e31',
      displayName: 'Stricter',
      isEnabled: true,
      restrictions: livesAtMost('P30D'),
      appliesTo: ['31313131-6c1f-4d0b-9a54-0f6c1d2b7e31'],
    },
  ],
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** An emulator with an app that works, and what set-ups are broken with. */
export async function createWorld() {
  const stage = createStage()
  // made yesterday, so that a clock that is off by minutes finds it within its dates
  const yesterday = () => Date.now() - day
  const [entra, good, other, old, future] = await Promise.all([
    startEmulator({ seed: { tenants: [...demoSeed.tenants, strictTenant] } }),
    generateCertificate({ commonName: 'good', now: yesterday }),
    generateCertificate({ commonName: 'other' }),
    generateCertificate({ commonName: 'old', days: 30, now: () => Date.now() - 60 * day }),
    generateCertificate({ commonName: 'future', days: 30, now: () => Date.now() + 60 * day }),
  ])
  const pair = await loadKeyPair({ pem: good.privateKeyPem + good.certificatePem })
  const sealedKey = String(pair.privateKey.export(sealing))
  const servers: Server[] = []
  const emulators: Emulator[] = [entra]
  for (const pair of [good, old])
    entra.addCertificate({ appId: demo.appId, certificate: pair.certificatePem })

  /** A working folder as after `x5t init`, each time anew. */
  function reset(): void {
    stage.empty()
    write('good', good)
    stage.write('sealed.key', sealedKey)
    write('other', other)
    write('old', old)
    write('future', future)
    stage.write('passphrase', `${passphrase}\n`)
    stage.write('ca.pem', entra.caPem)
    entra.weather.clear()
    entra.clock.reset()
  }

  function write(name: string, { privateKeyPem, certificatePem }: GeneratedCertificate): void {
    stage.write(`${name}.key`, privateKeyPem)
    stage.write(`${name}.crt`, certificatePem)
  }

  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port // a TCP server that listens has one
  }

  return {
    stage,
    entra,
    passphrase,
    good,
    other,
    demo,
    strictTenantId: strictTenant.id,
    stricterObjectId: strictTenant.assignedPolicies[0]?.appliesTo[0],
    reset,
    options: (): Record<string, string | undefined> => ({
      tenant: demo.tenantId,
      'client-id': demo.appId,
      cert: 'good.crt',
      key: 'good.key',
      authority: entra.url,
      ca: 'ca.pem',
      scope: `api://${demo.carsAppId}/.default`,
    }),
    chmod: (name: string, mode: number) => chmodSync(join(stage.folder, name), mode),
    async pfx(): Promise<Buffer> {
      return Buffer.from(await exportPfx(pair, { passphrase }))
    },
    ecKeyPem: () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    /** An emulator of its own, over plain http, with another clock. */
    async emulatorAt(now: () => number): Promise<Emulator> {
      const emulator = await startEmulator({ http: true, now })
      emulators.push(emulator)
      emulator.addCertificate({ appId: demo.appId, certificate: good.certificatePem })
      return emulator
    },
    /** A server on loopback that is no token service. */
    async serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
      return `http://localhost:${await listen(createServer(answer ?? (() => {})))}`
    },
    /** An http proxy that answers CONNECT so. */
    async proxy(connect: (target: string, socket: Socket) => void): Promise<string> {
      const server = createServer()
      server.on('connect', ({ url = '' }, socket) => connect(url, socket as Socket)) // Node gives the connection
      return `http://127.0.0.1:${await listen(server)}`
    },
    /** Speaks TLS with a certificate that is for clients alone, and trusted by the file. */
    async clientOnly(file: string): Promise<number> {
      const { certificatePem, privateKeyPem } = await generateCertificate({ commonName: 'localhost' })
      stage.write(file, certificatePem)
      return listen(createTlsServer({ cert: certificatePem, key: privateKeyPem }))
    },
    async stop(): Promise<void> {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
      await Promise.all(emulators.map((emulator) => emulator.stop()))
      stage.remove()
    },
  }
}
