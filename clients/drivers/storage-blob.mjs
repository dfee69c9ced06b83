/** A storage client: it makes a container and a blob, and prints what it reads back. */
import { ClientCertificateCredential } from '@azure/identity'
import { BlobServiceClient } from '@azure/storage-blob'
import { run } from './job.mjs'

await run(async (one) => {
  const certificate = new ClientCertificateCredential(one.tenantId, one.clientId, one.pemPath, {
    authorityHost: one.url,
    disableInstanceDiscovery: true,
  })
  // The client asks for the scope of storage; a case may put another one in its place.
  const other = one.scope.startsWith('https://')
  const credential = other ? { getToken: () => certificate.getToken(one.scope) } : certificate
  const container = new BlobServiceClient(one.storage, credential, {
    retryOptions: { maxTries: 1 },
  }).getContainerClient('one')
  await container.create()
  const blob = container.getBlockBlobClient('hello.txt')
  await blob.upload('hello', 5)
  return (await blob.downloadToBuffer()).toString()
})
