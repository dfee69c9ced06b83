import { readFileSync } from 'node:fs'
import { initCommand } from '../../config/init-command.ts'
import { startOfPath } from '../../config/open-credential.ts'
import { looksLikeSecret } from '../../config/secret-like.ts'
import { openAsking } from '../../passphrase.ts'
import { blocked, type DoctorContext, defineCheck, type Facts, type Finding } from '../check.ts'
import { aboutPassphrase, wordsOf } from '../error-words.ts'

export const certificate = defineCheck({
  name: 'certificate',
  proves: 'the certificate can be read, and its key is one that Entra takes',
  needs: ['settings', 'given'],
  async run(facts, context): Promise<Finding> {
    const { certificate: setting } = facts.settings.values
    const from = setting?.from ?? facts.given.key?.from ?? ''
    try {
      const { certificate: found, given } = await load(facts, context)
      const proof = [
        found.subject || 'no subject',
        `SHA-1   ${found.thumbprintSha1Hex} (as the portal shows it)`,
        `SHA-256 ${found.thumbprintSha256Hex}`,
      ].join('\n')
      return { proof, facts: { certificate: found, given } }
    } catch (error) {
      const { code, message, hints } = wordsOf(error)
      if (code === 'ERR_INPUT_UNKNOWN' && setting !== undefined && holdsSecret(setting.value)) {
        return blocked(`${setting.value} holds what looks like a client secret where a certificate belongs`, [
          `make a certificate and configure it: ${initCommand(facts.settings)}`,
          `the file is named by ${from}`,
        ])
      }
      const about = aboutPassphrase(code, facts.given.passphrase?.from)
      const home = /[\\/]~[\\/]/.test(setting?.value ?? '')
        ? ['only a shell knows ~: write the whole path']
        : []
      const start = startOfPath(error, facts.settings)
      return blocked(message, [...home, ...about, ...hints, `the certificate is named by ${from}`, ...start])
    }
  },
})

/** A PFX is encrypted whole, so even its certificate may need a passphrase that must be asked for. */
async function load({ settings, given }: Pick<Facts, 'settings' | 'given'>, { ask }: DoctorContext) {
  const { loadCertificate } = await import('x5t')
  const path = settings.values.certificate?.value
  const source = path === undefined ? { pem: given.key?.text ?? '' } : { path }
  return openAsking(given.passphrase, path ?? 'the given key', ask, async (passphrase) => ({
    certificate: await loadCertificate({ ...source, passphrase: passphrase?.value }),
    given: { ...given, passphrase },
  }))
}

function holdsSecret(path: string): boolean {
  return looksLikeSecret(readFileSync(path, 'utf8').slice(0, 200).trim())
}
