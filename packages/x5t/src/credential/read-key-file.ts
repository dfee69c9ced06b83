import { readFile, stat } from 'node:fs/promises'
import { CertificateError } from '../errors.ts'

export interface KeyFile {
  readonly path: string
  readonly content: Buffer
}

/** A key with a long chain takes 20 KiB. */
const maxBytes = 1_048_576

/** @throws CertificateError `ERR_FILE_…`, or `ERR_INPUT_EMPTY`. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  let content: Buffer
  try {
    const { size } = await stat(path)
    if (size > maxBytes)
      throw new CertificateError('ERR_FILE_TOO_LARGE', `${path} has ${size} bytes, too many for a key`)
    content = await readFile(path)
  } catch (cause) {
    throw fileError(path, cause)
  }
  if (content.length === 0) throw new CertificateError('ERR_INPUT_EMPTY', `${path} is empty`)
  return { path, content }
}

function fileError(path: string, cause: unknown): CertificateError {
  if (cause instanceof CertificateError) return cause
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return new CertificateError('ERR_FILE_MISSING', `${path} does not exist`, { cause })
  if (code === 'EISDIR')
    return new CertificateError('ERR_FILE_IS_DIRECTORY', `${path} is a folder`, { cause })
  return new CertificateError('ERR_FILE_UNREADABLE', `${path} cannot be read (${code})`, { cause })
}
