import type { Settings } from '../../config/resolve-settings.ts'
import { type Answer, listOf } from '../../emulator/connection.ts'
import type { Io } from '../../io.ts'
import { getSecured } from '../../network/get-secured.ts'
import { isLoopback } from '../../token-url.ts'
import { defineCheck, type Finding, type Problem } from '../check.ts'
import { timeoutMs } from '../limits.ts'
import { amountOf } from './clock.ts'

/** What an emulator was told to do to its clients, and nobody would look for in clock, network or certificate. */
export const emulator = defineCheck({
  name: 'emulator',
  proves: 'an emulator on this machine has no weather armed, and its clock is not moved',
  needs: ['settings', 'identity', 'trusted'],
  waits: true,
  async run({ settings, identity: { authority, clientId } }, { io }): Promise<Finding> {
    if (!isLoopback(authority)) return { proof: 'the service is not on this machine', skipped: true }
    const ask = (path: string) => askEmulator(new URL(`/_emulator${path}`, authority), settings, io)
    const [clock, weather] = await Promise.all([ask('/clock'), ask('/weather')])
    const { offsetSeconds, frozen } = clock
    if (typeof offsetSeconds !== 'number') return { proof: 'what answers is none', skipped: true }
    const armed = listOf(weather, 'armed')
      .filter(({ appId }) => appId === undefined || String(appId).toLowerCase() === clientId.toLowerCase())
      .map(({ id, kind }) => `${id} ${kind}`)
      .join(', ')
    const difference = differenceOf(offsetSeconds, frozen === true)
    const problems: readonly Problem[] = [
      ...(difference === '' ? [] : [clockProblem(difference, authority)]),
      ...(armed === '' ? [] : [weatherProblem(armed, authority)]),
    ]
    return problems.length === 0
      ? { proof: 'its clock is this machine’s, and nothing is armed' }
      : { proof: problems.map(({ message }) => message).join('\n'), problems }
  },
})

function clockProblem(difference: string, { origin }: URL): Problem {
  const message = `the clock of the emulator ${difference}`
  return { severity: 'warning', message, hints: [`x5t emulator clock reset --url ${origin}`] }
}

function weatherProblem(armed: string, { origin }: URL): Problem {
  const message = `weather is armed at the emulator: ${armed}`
  return { severity: 'warning', message, hints: [`x5t emulator weather clear --all --url ${origin}`] }
}

/** Empty for a clock that follows the machine's. */
function differenceOf(offsetSeconds: number, frozen: boolean): string {
  const seconds = Math.round(Math.abs(offsetSeconds))
  const direction = offsetSeconds > 0 ? 'ahead of' : 'behind'
  const amount = seconds < 1 ? '' : `is ${amountOf(seconds)} ${direction} the machine’s`
  return [amount, ...(frozen ? ['stands still'] : [])].filter((part) => part !== '').join(' and ')
}

/** Empty where something else answers, or nothing. */
async function askEmulator(url: URL, settings: Settings, io: Io): Promise<Answer> {
  try {
    const { status, body } = await getSecured(url, {}, settings, io, timeoutMs)
    const value: unknown = status === 200 ? JSON.parse(body) : undefined
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
