export { createClientAssertion } from './assertion/client-assertion.ts'
export type { Lease, Store } from './cache/store.ts'
export type { Certificate } from './certificate/certificate.ts'
export { type ExportedPem, exportPem } from './certificate/export-pem.ts'
export {
  type GeneratedCertificate,
  type GenerateOptions,
  generateCertificate,
} from './certificate/generate-certificate.ts'
export { exportPfx } from './certificate/pfx/export-pfx.ts'
export { checkValidity } from './certificate/validity.ts'
export type { AuthorizedFetch } from './client/authorized-fetch.ts'
export type { Client } from './client/client.ts'
export { createClient } from './client/client.ts'
export type { ClientOptions, GetTokenOptions } from './client/options.ts'
export type { TokenCredential } from './client/token-credential.ts'
export type { ClientCredential, CredentialSource } from './credential/client-credential.ts'
export { loadCertificate } from './credential/load-certificate.ts'
export { type LoadedCredential, loadCredential } from './credential/load-credential.ts'
export { type KeyPair, loadKeyPair } from './credential/load-key-pair.ts'
export type { LoadOptions } from './credential/outside-dates.ts'
export type { MaterialSource } from './credential/source.ts'
export { testCredential } from './credential/test-credential.ts'
export { type WatchOptions, watchCredential } from './credential/watch-credential.ts'
export { type Authority, type AuthorityOptions, parseAuthority } from './entra/authority.ts'
export { scopeOf } from './entra/resources.ts'
export {
  CertificateError,
  ConfigurationError,
  type ErrorCode,
  TokenEndpointError,
  TokenValidationError,
  TransportError,
  X5tError,
} from './errors.ts'
export { createFetch } from './http/create-fetch.ts'
export { type Environment, type ProxyFor, proxyFromEnvironment } from './http/environment.ts'
export type { FetchOptions } from './http/fetch-options.ts'
export { isIssuerUnknown } from './http/issuer-unknown.ts'
export { parseCa } from './http/parse-ca.ts'
export { keyObjectSigner } from './signer/key-object-signer.ts'
export type { SignatureAlgorithm, Signer } from './signer/signer.ts'
export type { AccessToken } from './token/access-token.ts'
