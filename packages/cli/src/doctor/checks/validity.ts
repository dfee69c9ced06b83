import { defineCheck, type Finding } from '../check.ts'
import { besideIt, inItsPlace } from '../next-pair.ts'

const dayMs = 86_400_000

/** By the clock of the service where it is known: a wrong clock here must not make a good certificate look expired. */
export const validity = defineCheck({
  name: 'dates',
  proves: 'the certificate is valid now, and for some time',
  needs: ['settings', 'certificate'],
  async run({ settings, certificate: { notBefore, notAfter }, clockOffsetMs = 0 }, { io }): Promise<Finding> {
    const now = io.now() + clockOffsetMs
    const range = `${iso(notBefore)} to ${iso(notAfter)}`
    const days = Math.floor((notAfter - now) / dayMs)
    if (now > notAfter) {
      const message = `the certificate expired on ${iso(notAfter)}`
      return { proof: range, problems: [{ severity: 'blocks', message, hints: inItsPlace(settings) }] }
    }
    if (now < notBefore) {
      const message = `the certificate is not valid before ${iso(notBefore)}`
      const hints = ['wait until then, or check the clock of the machine that made it']
      return { proof: range, problems: [{ severity: 'blocks', message, hints }] }
    }
    if (days < 30) {
      const message = `the certificate ends in ${days} days, on ${iso(notAfter)}`
      return {
        proof: range,
        problems: [{ severity: 'warning', message, hints: besideIt(settings) }],
        facts: { inDate: true },
      }
    }
    return { proof: `${range}, ${days} days left`, facts: { inDate: true } }
  },
})

function iso(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}
