import { readSeedApp } from '../directory/new-app.ts'
import { readApplication, writeApplication } from './application-object.ts'
import { invalidValue } from './graph-error.ts'
import { applicationOf, type GraphRequest, type Operation } from './operation.ts'
import { permission } from './permission.ts'
import { entity, page } from './query.ts'

export const applicationOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: 'applications',
    answer(request) {
      permission.toRead(request.caller)
      return { status: 200, body: page(shownApplications(request), request, 'application', 'applications') }
    },
  },
  {
    method: 'GET',
    path: 'applications/$count',
    answer(request) {
      permission.toRead(request.caller)
      return { status: 200, body: shownApplications(request).length }
    },
  },
  {
    method: 'POST',
    path: 'applications',
    answer(request) {
      const { caller, directory, body, root } = request
      permission.toCreate(caller)
      if (typeof body.displayName !== 'string') throw invalidValue('displayName', 'Application')
      const { tenant, principal } = caller
      const application = directory.change(() => {
        const seed = readSeedApp(
          { name: body.displayName, identifierUris: [], withoutServicePrincipal: true },
          'app:',
        )
        const { application } = directory.addApp(tenant, { ...seed, owners: [principal.id] }, 'app:')
        try {
          update(request, application)
        } catch (error) {
          directory.removeApplication(tenant, application)
          throw error
        }
        return application
      })
      return {
        status: 201,
        body: {
          '@odata.context': `${root}/$metadata#applications/$entity`,
          ...writeApplication(application, tenant),
        },
      }
    },
  },
  {
    method: 'GET',
    path: 'applications/:app',
    answer(request) {
      const { caller } = request
      permission.toRead(caller)
      const write = (withKeys: boolean) => writeApplication(applicationOf(request), caller.tenant, withKeys)
      return { status: 200, body: entity(request, 'application', 'applications', write) }
    },
  },
  {
    method: 'PATCH',
    path: 'applications/:app',
    answer(request) {
      const application = applicationOf(request)
      permission.toWrite(request.caller, application)
      update(request, application)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: 'applications/:app',
    answer(request) {
      const application = applicationOf(request)
      permission.toWrite(request.caller, application)
      request.directory.removeApplication(request.caller.tenant, application)
      return { status: 204 }
    },
  },
]

function shownApplications({ caller, directory }: GraphRequest) {
  return directory.applicationsOf(caller.tenant).map((one) => writeApplication(one, caller.tenant))
}

function update(
  { caller, directory, body, now }: GraphRequest,
  application: ReturnType<typeof applicationOf>,
): void {
  const { tenant } = caller
  const settings = readApplication(body, application, { tenant, object: application, now })
  directory.updateApplication(tenant, application, settings, 'application:')
}
