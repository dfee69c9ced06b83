import type { Application } from '../../directory/application.ts'
import { ControlError } from '../../routes/control-error.ts'
import type { EmulatorContext, Services } from '../../routes/route.ts'

/** The app that a path names. @throws ControlError */
export function appOf({ req }: EmulatorContext, { directory }: Services): Application {
  const [appId = '', tenantId] = [req.param('appId'), req.param('tenantId')]
  const found = directory.registrations(appId).find(({ homeTenantId }) => homeTenantId === tenantId)
  if (found === undefined) throw new ControlError(404, 'NotFound', 'this app is not registered (any more)')
  return found
}
