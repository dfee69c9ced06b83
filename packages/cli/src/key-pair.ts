import { resolve } from 'node:path'
import type { LoadedCredential } from 'x5t'
import { HintedError } from './cli-error.ts'
import type { Context } from './command.ts'
import type { KeyPaths } from './workflow.ts'

/**
 * Key and certificate of the original workflow: they belong together and the certificate is valid now.
 *
 * @throws HintedError around the library's error, naming the variable behind the file.
 */
export async function loadKeyPair(
  { privateKey, publicKey }: KeyPaths,
  passphrase: string | undefined,
  { io, terminal }: Context,
): Promise<LoadedCredential> {
  const { CertificateError, checkValidity, loadCertificate, loadCredential } = await import('x5t')
  const certificatePath = resolve(io.folder, publicKey)
  const keyPath = resolve(io.folder, privateKey)
  const certificate = await loadCertificate({ path: certificatePath }).catch(
    hint(`PUBLIC_KEY names ${publicKey}, the certificate`),
  )
  const credential = await loadCredential({ path: [keyPath, certificatePath], passphrase }).catch(
    hint(
      `PRIVATE_KEY names ${privateKey}; PASSPHRASE opens it if it is encrypted`,
      'in .env, a passphrase with # in it goes in single quotes',
    ),
  )
  if (credential.certificate.thumbprintSha256 !== certificate.thumbprintSha256) {
    throw new CertificateError(
      'ERR_CERT_KEY_MISMATCH',
      `${publicKey} is not the certificate of the key in ${privateKey}`,
      {
        hint: 'PRIVATE_KEY and PUBLIC_KEY must name a pair that was made together',
      },
    )
  }
  for (const warning of credential.warnings) terminal.warn(warning)
  checkValidity(certificate, io.now())
  return credential
}

function hint(general: string, onWrongPassphrase?: string): (error: unknown) => never {
  return (error) => {
    const wrong = error instanceof Error && 'code' in error && error.code === 'ERR_PASSPHRASE_WRONG'
    throw new HintedError(error, wrong && onWrongPassphrase ? [general, onWrongPassphrase] : [general])
  }
}
