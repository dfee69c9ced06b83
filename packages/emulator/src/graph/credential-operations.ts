import type { Application, ServicePrincipal } from '../directory/application.ts'
import { applications } from './applications.ts'
import { badRequest, invalidValue } from './graph-error.ts'
import { readKeyCredential, writeKeyCredential } from './key-credential.ts'
import { newKey, refuseDuplicates } from './key-credentials.ts'
import type { Kind } from './kind.ts'
import type { GraphRequest, Operation } from './operation.ts'
import { newSecret, writePasswordCredential } from './password-credential.ts'
import { permission } from './permission.ts'
import { requireProof } from './proof.ts'
import { servicePrincipals } from './service-principals.ts'

export const credentialOperations: readonly Operation[] = [
  ...operationsOn(applications),
  ...operationsOn(servicePrincipals),
]

function operationsOn<T extends Application | ServicePrincipal>(kind: Kind<T>): readonly Operation[] {
  const { path, resource, find, idOf, change } = kind
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
        change(request, object, { certificates })
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
        change(request, object, { certificates })
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
        change(request, object, { secrets: [...object.secrets, secret] })
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
        change(request, object, { secrets })
        return { status: 204 }
      },
    },
  ]
}

function keyIdOf({ body: { keyId } }: GraphRequest, resource: string): string {
  if (typeof keyId !== 'string') throw invalidValue('keyId', resource)
  return keyId.toLowerCase()
}
