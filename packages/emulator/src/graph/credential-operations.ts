import type { Application, CredentialHolder, ServicePrincipal } from '../directory/application.ts'
import { badRequest, invalidValue } from './graph-error.ts'
import { readKeyCredential, writeKeyCredential } from './key-credential.ts'
import { newKey, refuseDuplicates } from './key-credentials.ts'
import { applicationOf, type GraphRequest, type Operation, principalOf } from './operation.ts'
import { newSecret, writePasswordCredential } from './password-credential.ts'
import { permission } from './permission.ts'
import { requireProof } from './proof.ts'

/** What has credentials: the two differ in nothing here but their names and how they are changed. */
interface Kind<T extends Application | ServicePrincipal> {
  readonly path: string
  readonly resource: string
  find(request: GraphRequest): T
  idOf(object: T): string
  set(request: GraphRequest, object: T, credentials: Partial<CredentialHolder>): void
}

export const credentialOperations: readonly Operation[] = [
  ...operationsOn<Application>({
    path: 'applications/:app',
    resource: 'Application',
    find: applicationOf,
    idOf: ({ objectId }) => objectId,
    set({ directory, caller }, application, credentials) {
      directory.updateApplication(caller.tenant, application, credentials, 'application:')
    },
  }),
  ...operationsOn<ServicePrincipal>({
    path: 'servicePrincipals/:sp',
    resource: 'ServicePrincipal',
    find: principalOf,
    idOf: ({ id }) => id,
    set({ directory }, principal, credentials) {
      directory.updatePrincipal(principal, credentials)
    },
  }),
]

function operationsOn<T extends Application | ServicePrincipal>(kind: Kind<T>): readonly Operation[] {
  const { path, resource, find, idOf, set } = kind
  const occasionOf = ({ caller, now }: GraphRequest, object: T) => ({ tenant: caller.tenant, object, now })
  /** The object, found anew: while the signature was judged, others may have changed or replaced it. */
  const proven = async (request: GraphRequest): Promise<T> => {
    const { body, now } = request
    const holder = find(request)
    await requireProof(body.proof, { holder, issuer: idOf(holder), now })
    return find(request)
  }
  return [
    {
      method: 'POST',
      path: `${path}/addKey`,
      async answer(request) {
        const { caller, body, root } = request
        permission.toRollKeys(caller, find(request))
        const given = readKeyCredential(body.keyCredential, resource)
        if (body.passwordCredential != null) throw invalidValue('passwordCredential', resource)
        const object = await proven(request)
        const key = newKey(given, resource, occasionOf(request, object))
        const certificates = [...object.certificates, key]
        refuseDuplicates(certificates, resource)
        set(request, object, { certificates })
        const context = `${root}/$metadata#microsoft.graph.keyCredential`
        return { status: 200, body: { '@odata.context': context, ...writeKeyCredential(key) } }
      },
    },
    {
      method: 'POST',
      path: `${path}/removeKey`,
      async answer(request) {
        permission.toRollKeys(request.caller, find(request))
        const keyId = keyIdOf(request, resource)
        const object = await proven(request)
        const certificates = object.certificates.filter((one) => one.keyId !== keyId)
        if (certificates.length === object.certificates.length)
          throw badRequest(`No key credential found with keyId '${keyId}'.`)
        set(request, object, { certificates })
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      path: `${path}/addPassword`,
      answer(request) {
        const { caller, body, root } = request
        const object = find(request)
        permission.toWrite(caller, object)
        const { secret, secretText } = newSecret(
          body.passwordCredential,
          resource,
          occasionOf(request, object),
        )
        set(request, object, { secrets: [...object.secrets, secret] })
        const context = `${root}/$metadata#microsoft.graph.passwordCredential`
        return {
          status: 200,
          body: { '@odata.context': context, ...writePasswordCredential(secret, secretText) },
        }
      },
    },
    {
      method: 'POST',
      path: `${path}/removePassword`,
      answer(request) {
        const object = find(request)
        permission.toWrite(request.caller, object)
        const keyId = keyIdOf(request, resource)
        const secrets = object.secrets.filter((one) => one.keyId !== keyId)
        if (secrets.length === object.secrets.length)
          throw badRequest(`No password credential found with keyId '${keyId}'.`)
        set(request, object, { secrets })
        return { status: 204 }
      },
    },
  ]
}

function keyIdOf({ body: { keyId } }: GraphRequest, resource: string): string {
  if (typeof keyId !== 'string') throw invalidValue('keyId', resource)
  return keyId.toLowerCase()
}
