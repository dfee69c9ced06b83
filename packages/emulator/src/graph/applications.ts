import type { Application } from '../directory/application.ts'
import { readSeedApp } from '../directory/new-app.ts'
import { readApplication, writeApplication } from './application-object.ts'
import { invalidValue } from './graph-error.ts'
import type { Kind } from './kind.ts'
import { applicationOf } from './operation.ts'

export const applications: Kind<Application> = {
  set: 'applications',
  path: 'applications/:app',
  resource: 'Application',
  type: 'application',
  lasting: [],
  all: ({ directory, caller }) => directory.applicationsOf(caller.tenant),
  find: applicationOf,
  idOf: ({ objectId }) => objectId,
  show: ({ caller }, application, withKeys) => writeApplication(application, caller.tenant, withKeys),
  create({ caller, directory, body }) {
    if (typeof body.displayName !== 'string') throw invalidValue('displayName', 'Application')
    const seed = readSeedApp(
      { name: body.displayName, identifierUris: [], withoutServicePrincipal: true },
      'app:',
    )
    return directory.addApp(caller.tenant, { ...seed, owners: [caller.principal.id] }, 'app:').application
  },
  patch({ directory, caller: { tenant }, body, now }, application) {
    const settings = readApplication(body, application, { tenant, object: application, now })
    directory.updateApplication(tenant, application, settings, 'application:')
  },
  change({ directory, caller }, application, settings) {
    directory.updateApplication(caller.tenant, application, settings, 'application:')
  },
  remove({ directory, caller }, application) {
    directory.removeApplication(caller.tenant, application)
  },
}
