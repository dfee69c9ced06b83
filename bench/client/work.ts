import { constants, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { contestants, type GetToken, type Name, type Setting } from './clients.ts'
import { cpuMicros, elapsed, inTurns, ofPart, type Result } from './clock-work.ts'

let next = 0

/** Acquisitions per second, each of a scope of its own, so that nothing is remembered. */
async function perSecond(getToken: GetToken, inFlight: number, total: number): Promise<number> {
  let left = total
  const worker = async () => {
    while (left-- > 0) await getToken(`https://api${next++}.contoso.com/.default`)
  }
  const ms = await elapsed(() => Promise.all(Array.from({ length: inFlight }, worker)))
  return total / (ms / 1_000)
}

/** Many short turns: what else the machine does then hits both alike. */
export async function ownAcquisitions(setting: Setting): Promise<Result> {
  const [x5t, bare] = [await contestants.x5t(setting), await contestants.bare(setting)]
  const results: Result = {}
  for (const inFlight of [1, 64]) {
    const total = Math.max(inFlight, 16)
    const works = {
      x5t: () => perSecond(x5t, inFlight, total),
      bare: () => perSecond(bare, inFlight, total),
    }
    await inTurns(10, works)
    Object.assign(results, ofPart(inFlight, await inTurns(100, works, [['x5t', 'bare']])))
  }
  return results
}

export async function theirAcquisitions(setting: Setting, name: Name): Promise<Result> {
  const getToken = await contestants[name](setting)
  const results: Result = {}
  for (const inFlight of [1, 64]) results[inFlight] = await perSecond(getToken, inFlight, 64)
  return results
}

/** Signed assertions per CPU second beside bare `crypto.sign`, and the cores in use with many in flight. */
export async function assertions({ path }: Setting): Promise<Result> {
  const { createClientAssertion, loadCredential } = await import('x5t')
  const credential = await loadCredential({ path })
  const key = createPrivateKey(readFileSync(path))
  const paddings = {
    PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    RS256: { padding: constants.RSA_PKCS1_PADDING },
  }
  const data = Buffer.alloc(500, 'a')
  const audience = 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token'
  const perCpuSecond = async (work: () => Promise<unknown>) => {
    const start = cpuMicros()
    for (let n = 0; n < 50; n++) await work()
    return 50 / ((cpuMicros() - start) / 1e6)
  }
  /** Cores in use with many in flight; another process may have had its share of them. */
  const coresOf = async (work: () => Promise<unknown>) => {
    const start = cpuMicros()
    const ms = await elapsed(() => Promise.all(Array.from({ length: 512 }, work)))
    return (cpuMicros() - start) / 1_000 / ms
  }
  const results: Result = {}
  for (const algorithm of ['PS256', 'RS256'] as const) {
    const make = () =>
      createClientAssertion({ credential, clientId: 'app', audience, algorithm, now: Date.now() })
    const bare = () => promisify(sign)('sha256', data, { key, ...paddings[algorithm] })
    const rates = { x5t: () => perCpuSecond(make), sign: () => perCpuSecond(bare) }
    const cores = { 'x5t cores': () => coresOf(make), 'sign cores': () => coresOf(bare) }
    const measured = {
      ...(await inTurns(60, rates, [['x5t', 'sign']])),
      ...(await inTurns(7, cores, [['x5t cores', 'sign cores']])),
    }
    Object.assign(results, ofPart(algorithm, measured))
  }
  return results
}
