/** What decides which questions a request is asked. */
export type Way = 'v1' | 'v2' | 'claims' | 'assertion' | 'thumbprint' | 'subject name' | 'secret'

/** Every question to a token request, in the order of the judgement, and on which way it comes up; none: on all. */
const steps = [
  { name: 'the path names one tenant' },
  { name: 'the tenant holds no placeholder' },
  { name: 'the tenant is a GUID or a domain' },
  { name: 'the tenant is known' },
  { name: 'the method is POST' },
  { name: 'the body is a form' },
  { name: 'the body can be read' },
  { name: 'no field comes twice' },
  { name: 'grant_type is there' },
  { name: 'grant_type is client_credentials' },
  { name: 'client_id is there' },
  { name: 'client_id is the same everywhere' },
  { name: 'client_id can be an application' },
  { name: 'the application is known in the tenant' },
  { name: 'the application has a service principal in the tenant' },
  { name: 'the application is enabled' },
  { name: 'the request is not a web page’s' },
  { name: 'v2 is not asked by resource', on: 'v2' },
  { name: 'resource is there', on: 'v1' },
  { name: 'scope is there', on: 'v2' },
  { name: 'claims is a JSON object', on: 'claims' },
  { name: 'a credential is there' },
  { name: 'the client is confidential' },
  { name: 'client_assertion_type is jwt-bearer', on: 'assertion' },
  { name: 'the assertion is a JWT', on: 'assertion' },
  { name: 'alg is a text', on: 'assertion' },
  { name: 'the algorithm is taken', on: 'assertion' },
  { name: 'the header names a key', on: 'assertion' },
  { name: 'iss is there', on: 'assertion' },
  { name: 'sub is there', on: 'assertion' },
  { name: 'aud is there', on: 'assertion' },
  { name: 'iss is client_id', on: 'assertion' },
  { name: 'sub is iss', on: 'assertion' },
  { name: 'aud is not for mutual TLS', on: 'assertion' },
  { name: 'aud is this tenant’s token endpoint or issuer', on: 'assertion' },
  { name: 'nbf and exp are numbers', on: 'assertion' },
  { name: 'the time is between nbf and exp', on: 'assertion' },
  { name: 'the certificate is registered', on: 'thumbprint' },
  { name: 'the certificate is valid now', on: 'thumbprint' },
  { name: 'x5c holds certificates', on: 'subject name' },
  { name: 'x5c leads to a trusted authority', on: 'subject name' },
  { name: 'the certificate bears a trusted name', on: 'subject name' },
  { name: 'the signature is by the certificate’s key', on: 'assertion' },
  { name: 'the secret is registered', on: 'secret' },
  { name: 'the secret has not expired', on: 'secret' },
  { name: 'the scope has valid characters', on: 'v2' },
  { name: 'the scope ends in /.default', on: 'v2' },
  { name: 'the scope names one resource', on: 'v2' },
  { name: 'the scope names a resource', on: 'v2' },
  { name: 'the resource is known in the tenant' },
  { name: 'the resource is enabled' },
  { name: 'the client has an app role where the resource asks for one' },
  { name: 'Conditional Access lets the client in' },
] as const satisfies readonly { readonly name: string; readonly on?: Way }[]

/** A fact that must hold, in words. */
export type CheckName = (typeof steps)[number]['name']

/** The questions that a request would have been asked next, had the last one not failed. */
export function notReached(
  ways: ReadonlySet<Way>,
  asked: readonly { readonly name: CheckName }[],
): readonly CheckName[] {
  const last = steps.findLastIndex(({ name }) => asked.some((check) => check.name === name))
  return steps
    .slice(last + 1)
    .filter((step) => !('on' in step) || ways.has(step.on))
    .map(({ name }) => name)
}
