import { blocked, defineCheck, type Finding } from '../check.ts'
import { inItsPlace } from '../next-pair.ts'

export const pair = defineCheck({
  name: 'pair',
  proves: 'key and certificate belong together: a signature of the key verifies by the certificate',
  needs: ['settings', 'certificate', 'keyRead'],
  async run({ settings, certificate, keyRead }): Promise<Finding> {
    const { credential, mismatch } = keyRead
    const { certificate: file, key = file } = settings.values
    if (credential === undefined) {
      const hint = mismatch?.hint === undefined ? [] : [mismatch.hint]
      return blocked(mismatch?.message ?? 'key and certificate do not belong together', [
        ...hint,
        `certificate: ${file?.value} (${file?.from}); key: ${key?.value} (${key?.from})`,
        ...inItsPlace(settings),
      ])
    }
    if (credential.certificate.thumbprintSha256 !== certificate.thumbprintSha256) {
      return blocked('the key belongs to another certificate than the one that is named', [
        `it belongs to ${credential.certificate.subject}, SHA-1 ${credential.certificate.thumbprintSha1Hex}`,
      ])
    }
    return { proof: 'they belong together', facts: { credential } }
  },
})
