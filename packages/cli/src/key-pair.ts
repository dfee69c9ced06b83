import { resolve } from 'node:path'
import { checkValidity, type LoadedCredential, loadCertificate, loadCredential } from 'x5t'
import { HintedError } from './cli-error.ts'
import type { Io } from './io.ts'
import type { KeyPaths } from './workflow.ts'

/**
 * Key and certificate of the original workflow: they belong together and the certificate is valid now.
 *
 * @throws HintedError around the library's error, naming the variable behind the file.
 */
export async function loadKeyPair(
  { privateKey, publicKey }: KeyPaths,
  passphrase: string | undefined,
  io: Io,
): Promise<LoadedCredential> {
  const certificatePath = resolve(io.folder, publicKey)
  const keyPath = resolve(io.folder, privateKey)
  const certificate = await loadCertificate({ path: certificatePath }).catch(
    hint(`PUBLIC_KEY names ${publicKey}, the certificate`),
  )
  const credential = await loadCredential({ path: [keyPath, certificatePath], passphrase }).catch(
    hint(`PRIVATE_KEY names ${privateKey}; PASSPHRASE opens it if it is encrypted`),
  )
  checkValidity(certificate, io.now())
  return credential
}

function hint(text: string): (error: unknown) => never {
  return (error) => {
    throw new HintedError(error, [text])
  }
}
