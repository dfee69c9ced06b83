import { type FileHandle, open } from 'node:fs/promises'
import { platform } from 'node:os'
import { maxContentBytes } from '../certificate/find-blocks.ts'
import { CertificateError } from '../errors.ts'

export interface KeyFile {
  readonly path: string
  /** At most one byte more than is accepted, even of a device that does not end. */
  readonly content: Buffer
  /** True if the mode lets group or others read it. False on Windows, where the mode says nothing. */
  readonly readableByOthers: boolean
}

/** @throws CertificateError `ERR_FILE_MISSING`, `ERR_FILE_IS_DIRECTORY` or `ERR_FILE_UNREADABLE`. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  try {
    const file = await open(path)
    try {
      const { mode } = await file.stat()
      const readableByOthers = platform() !== 'win32' && (mode & 0o044) !== 0
      return { path, content: await readBounded(file), readableByOthers }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw fileError(path, cause)
  }
}

/** Not by a stream: loading Node's code for them costs a short process 3 ms. */
async function readBounded(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  while (length <= maxContentBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(16_384, maxContentBytes + 1 - length))
    const { bytesRead } = await file.read(chunk, 0, chunk.length)
    if (bytesRead === 0) break
    chunks.push(chunk.subarray(0, bytesRead))
    length += bytesRead
  }
  return Buffer.concat(chunks)
}

function fileError(path: string, cause: unknown): CertificateError {
  if (looksLikeContent(path)) {
    // Neither the message nor the cause may repeat what may be a private key.
    return new CertificateError(
      'ERR_FILE_MISSING',
      'the path is a key or certificate itself, not where it is',
      {
        hint: 'give it as pem instead of path',
      },
    )
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') {
    return new CertificateError('ERR_FILE_MISSING', `${path} does not exist`, {
      cause,
      hint: 'check the path; a relative one starts at the working directory of the process',
    })
  }
  if (code === 'EISDIR') {
    return new CertificateError('ERR_FILE_IS_DIRECTORY', `${path} is a directory`, {
      cause,
      hint: 'name the file in it, or several files',
    })
  }
  return new CertificateError('ERR_FILE_UNREADABLE', `${path} cannot be read (${code})`, {
    cause,
    hint: 'the user that runs this process must own it or be given access to it',
  })
}

/** PEM, or base64 longer than names of files are. */
function looksLikeContent(path: string): boolean {
  return path.includes('-----BEGIN') || (path.length > 255 && /^[\w+/=\s-]+$/.test(path))
}
