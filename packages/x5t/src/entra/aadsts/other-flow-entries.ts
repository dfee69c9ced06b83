import type { AadstsEntries } from './entry.ts'

const device = {
  hint: 'find out which program asks: an app with a certificate gets no such refusal',
  causes: ['a policy about the device or the program of a user'],
  source: 'reference',
} as const

const hello = { ...device, causes: ['a sign-in of a user with Windows Hello'] } as const
const refresh = { ...device, causes: ['a primary refresh token of a device'] } as const

/** Numbers of users' flows that turn up in the same logs. An app with a certificate never meets them. */
export const otherFlowEntries: AadstsEntries = {
  53000: { ...device, summary: 'the device of a user is not compliant' },
  53001: { ...device, summary: 'the device of a user is not joined to the domain' },
  53002: { ...device, summary: 'the program of a user is not an approved one' },
  530032: { ...device, summary: 'a security policy of the tenant blocks the user' },
  530035: { ...device, summary: 'security defaults block the user' },
  70000: {
    ...device,
    summary: 'the grant is invalid',
    hint: 'sign the user in again; client credentials know no refresh token',
    causes: ['a refresh token or a code that is expired, used or of another app'],
  },
  130004: { ...hello, summary: 'a Windows Hello key was refused' },
  130005: { ...hello, summary: 'a Windows Hello key was refused' },
  130006: { ...hello, summary: 'a Windows Hello key was refused' },
  130007: { ...hello, summary: 'a Windows Hello key was refused' },
  130008: { ...hello, summary: 'a Windows Hello key was refused' },
  135010: { ...hello, summary: 'a Windows Hello key was refused' },
  140000: { ...refresh, summary: 'the nonce of a request is missing or expired' },
  140001: { ...refresh, summary: 'the session key of a request is invalid' },
}
