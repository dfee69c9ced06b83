import { defineCheck, type Finding } from '../check.ts'

export const strength = defineCheck({
  name: 'algorithm',
  proves: 'the key is RSA of at least 2048 bits, and assertions are signed in the form Entra prefers',
  needs: ['certificate', 'identity'],
  async run({ certificate, identity }): Promise<Finding> {
    // What is smaller, or no RSA key, was refused when the certificate was read.
    const form = identity.tenant === 'adfs' ? 'RS256 with x5t (AD FS)' : 'PS256 with x5t#S256'
    return { proof: `RSA ${certificate.keyBits}, ${form}` }
  },
})
