import { defineCheck, type Finding } from '../check.ts'

/** Entra: assertions are accepted within five minutes or so; the exact number is a guess. */
const toleranceMs = 5 * 60_000

export const clock = defineCheck({
  name: 'clock',
  proves: "this machine's time is the service's, by its Date header",
  needs: ['metadata'],
  async run({ clockOffsetMs }, { io }): Promise<Finding> {
    if (clockOffsetMs === undefined) return { proof: 'the answer has no Date header', skipped: true }
    const seconds = Math.round(Math.abs(clockOffsetMs) / 1_000)
    const direction = clockOffsetMs > 0 ? 'behind' : 'ahead of'
    const amount = amountOf(seconds)
    const proof = seconds < 2 ? 'no difference' : `${amount} ${direction} the service`
    if (Math.abs(clockOffsetMs) < 60_000) return { proof }
    const hints = [
      synchronise(io.platform),
      'x5t corrects its own assertions by the service; other programs do not',
    ]
    const message = `the clock of this machine is ${amount} ${direction} the service`
    const severity = Math.abs(clockOffsetMs) >= toleranceMs ? 'failure' : 'warning'
    return { proof, problems: [{ severity, message, hints }] }
  },
})

export function amountOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 172_800 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 86_400)} days`
}

function synchronise(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'w32tm /resync'
  return platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true'
}
