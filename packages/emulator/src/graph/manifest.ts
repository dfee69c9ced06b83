import { isObject } from '../directory/definition.ts'

type Members = Readonly<Record<string, unknown>>

/** Members of applications and of service principals that mean nothing to the emulator, and what is shown without them. */
export const sharedMembers: Members = {
  addIns: [],
  applicationTemplateId: null,
  description: null,
  disabledByMicrosoftStatus: null,
  info: {
    logoUrl: null,
    marketingUrl: null,
    privacyStatementUrl: null,
    supportUrl: null,
    termsOfServiceUrl: null,
  },
  notes: null,
  tags: [],
  tokenEncryptionKeyId: null,
  verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
}

/** Of a body, the members that an object keeps without a meaning here. */
export function plainMembers(body: Members, plain: Members): Members {
  return Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(plain, name)))
}

/** Null takes a member away; of an object, members that are not named stay. */
export function merged(before: Members, changes: Members): Members {
  const pairs = Object.entries(changes).map(([name, value]) => {
    const earlier = before[name]
    return [name, isObject(value) && isObject(earlier) ? { ...earlier, ...value } : value] as const
  })
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(pairs) }).filter(([, value]) => value !== null),
  )
}
