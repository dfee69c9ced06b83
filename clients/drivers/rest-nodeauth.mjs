/** `@azure/ms-rest-nodeauth`, the Azure SDKs' own before `@azure/identity`. */

import { Environment } from '@azure/ms-rest-azure-env'
import { ApplicationTokenCertificateCredentials } from '@azure/ms-rest-nodeauth'
import { run } from './job.mjs'

await run(async (one) => {
  const environment = {
    ...Environment.AzureCloud,
    name: 'emulator',
    activeDirectoryEndpointUrl: `${one.url}/`,
    validateAuthority: false,
  }
  const credentials = ApplicationTokenCertificateCredentials.create(one.clientId, one.pem, one.tenantId, {
    tokenAudience: one.resource,
    environment: one.mapped ? Environment.AzureCloud : environment,
  })
  return (await credentials.getToken()).accessToken
})
