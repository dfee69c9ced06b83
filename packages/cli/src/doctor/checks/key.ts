import { loadAs, startOfPath } from '../../config/open-credential.ts'
import { openAsking } from '../../passphrase.ts'
import { blocked, type DoctorContext, defineCheck, type Facts, type Finding } from '../check.ts'
import { aboutPassphrase, wordsOf } from '../error-words.ts'

export const key = defineCheck({
  name: 'key',
  proves: 'the private key can be read and opened',
  needs: ['settings', 'given', 'certificate'],
  async run(facts, context): Promise<Finding> {
    const { X5tError } = await import('x5t')
    const setting = facts.settings.values.key ?? facts.settings.values.certificate
    const from = facts.given.key?.from ?? setting?.from ?? ''
    try {
      const { credential, passphrase } = await open(facts, context)
      const by = passphrase === undefined ? '' : ` with the passphrase from ${passphrase.from}`
      return { proof: `opened${by}, and it signs`, facts: { keyRead: { credential } } }
    } catch (error) {
      if (error instanceof X5tError && error.code === 'ERR_CERT_KEY_MISMATCH') {
        return { proof: 'read', facts: { keyRead: { mismatch: error } } }
      }
      const { code, message, hints } = wordsOf(error)
      const about = aboutPassphrase(code, facts.given.passphrase?.from)
      const start = startOfPath(error, facts.settings)
      return blocked(message, [...about, ...hints, `the key is named by ${from}`, ...start])
    }
  },
})

function open({ settings, given }: Pick<Facts, 'settings' | 'given'>, { io, ask }: DoctorContext) {
  const { certificate, key = certificate } = settings.values
  const what = given.key?.from ?? key?.value ?? 'the key'
  return openAsking(given.passphrase, what, ask, async (passphrase) => ({
    credential: await loadAs(settings, given.key, passphrase?.value, io),
    passphrase,
  }))
}
