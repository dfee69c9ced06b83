import type { Check } from './check.ts'
import { app } from './checks/app.ts'
import { audience } from './checks/audience.ts'
import { authority } from './checks/authority.ts'
import { certificate } from './checks/certificate.ts'
import { clock } from './checks/clock.ts'
import { configuration } from './checks/configuration.ts'
import { connection } from './checks/connection.ts'
import { dns } from './checks/dns.ts'
import { emulator } from './checks/emulator.ts'
import { key } from './checks/key.ts'
import { keyMode } from './checks/key-mode.ts'
import { pair } from './checks/pair.ts'
import { passphrase } from './checks/passphrase.ts'
import { policy } from './checks/policy.ts'
import { proxy } from './checks/proxy.ts'
import { registration } from './checks/registration.ts'
import { resource } from './checks/resource.ts'
import { roles } from './checks/roles.ts'
import { strength } from './checks/strength.ts'
import { tenant } from './checks/tenant.ts'
import { tls } from './checks/tls.ts'
import { tokenRequest } from './checks/token.ts'
import { validity } from './checks/validity.ts'

/** In the order in which they are asked and shown: what is at hand first, then the way, then the service. */
export const checks: readonly Check[] = [
  configuration,
  passphrase,
  certificate,
  keyMode,
  key,
  pair,
  strength,
  proxy,
  dns,
  connection,
  tls,
  emulator,
  authority,
  clock,
  validity,
  tenant,
  tokenRequest,
  app,
  registration,
  resource,
  audience,
  roles,
  policy,
]
