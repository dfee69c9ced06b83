import { addressEntries } from './address-entries.ts'
import { appEntries } from './app-entries.ts'
import { assertionEntries } from './assertion-entries.ts'
import { credentialEntries } from './credential-entries.ts'
import type { AadstsEntries } from './entry.ts'
import { otherFlowEntries } from './other-flow-entries.ts'
import { resourceEntries } from './resource-entries.ts'
import { serviceEntries } from './service-entries.ts'

/**
 * AADSTS numbers an app-only client meets, and some of other flows that it may be shown. Microsoft says the numbers
 * may change, so they choose words and steer nothing.
 */
export const catalogue: AadstsEntries = {
  ...assertionEntries,
  ...credentialEntries,
  ...appEntries,
  ...addressEntries,
  ...resourceEntries,
  ...serviceEntries,
  ...otherFlowEntries,
}
