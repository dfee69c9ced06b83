import { nearPath } from '../../near-path.ts'
import { credentialsPage } from '../../portal.ts'
import { shellWord } from '../../shell-word.ts'
import { isLoopback } from '../../token-url.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { passed, quote } from '../token-answer.ts'
import { despite } from '../whence.ts'

export const registration = defineCheck({
  name: 'registration',
  proves: 'the certificate is registered with the app',
  needs: ['settings', 'identity', 'certificate', 'answer', 'appKnown'],
  async run({ settings, identity, certificate, answer }, { io }): Promise<Finding> {
    const listed = `the portal lists it as ${certificate.thumbprintSha1Hex}`
    if (passed(answer, 'certificate') || answer.refusal === undefined) {
      return { proof: listed, facts: { registered: true } }
    }
    const { refusal } = answer
    const proof = `${quote(refusal)}; ${listed}`
    if (!refusal.errorCodes.includes(700027)) {
      return blocked(refusal.message, refusal.hint === undefined ? [] : [refusal.hint], proof)
    }
    const path = settings.values.certificate?.value
    const file = path === undefined ? 'certificate.pem' : shellWord(nearPath(path, io.folder))
    const { clientId, authority } = identity
    const mend = isLoopback(authority)
      ? [`x5t emulator cert add ${file} --app ${clientId} --url ${authority.origin}`]
      : [
          `az ad app credential reset --id ${clientId} --cert @${file} --append`,
          `or upload it: ${credentialsPage(authority, clientId)}`,
          'uploaded less than five minutes ago? x5t token --wait 5m',
        ]
    const message = `${reasonOf(refusal.errorDescription)} (AADSTS700027): ${listed}${despite(settings, ['clientId', 'certificate'])}`
    return blocked(message, mend, proof)
  },
})

/** Entra: the reason stands in the text of the refusal; without one, all that is known is that it did not verify. */
function reasonOf(description = ''): string {
  if (/key used is expired/i.test(description)) return 'the certificate as it is registered has expired'
  if (/key was not found|not registered/i.test(description))
    return 'the certificate is not registered with the app'
  return 'Entra cannot verify the signature with a certificate of the app'
}
