import { readFile } from 'node:fs/promises'
import { CertificateError } from '../errors.ts'

export interface KeyFile {
  readonly path: string
  readonly content: Buffer
}

/** @throws CertificateError `ERR_FILE_MISSING` or `ERR_FILE_UNREADABLE`. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    return { path, content: await readFile(path) }
  } catch (cause) {
    throw fileError(path, cause)
  }
}

function fileError(path: string, cause: unknown): CertificateError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return new CertificateError('ERR_FILE_MISSING', `${path} does not exist`, { cause })
  return new CertificateError('ERR_FILE_UNREADABLE', `${path} cannot be read (${code})`, { cause })
}
