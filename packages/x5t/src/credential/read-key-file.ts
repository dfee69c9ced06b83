import { constants, openSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { isAbsolute, parse, sep } from 'node:path'
import { maxContentBytes } from '../certificate/find-blocks.ts'
import { CertificateError } from '../errors.ts'

export interface KeyFile {
  readonly path: string
  /** At most one byte more than is accepted, even of a device that does not end. */
  readonly content: Buffer
  /** True if the mode lets group or others read it. False on Windows, where the mode says nothing. */
  readonly readableByOthers: boolean
}

/**
 * A pipe is read until its writer ends; one that never writes is waited for, as other programs do.
 *
 * @param directory - As `placeOf` takes it; errors show the path as it was given.
 * @throws CertificateError `ERR_FILE_MISSING`, `ERR_FILE_IS_DIRECTORY` or `ERR_FILE_UNREADABLE`.
 */
export async function readKeyFile(path: string, directory?: string): Promise<KeyFile> {
  const place = placeOf(path, directory)
  try {
    const stats = await stat(place)
    const readableByOthers = platform() !== 'win32' && (stats.mode & 0o044) !== 0
    return {
      path,
      content: await (stats.isFIFO() ? readPipe(place) : readFile(place, stats.size)),
      readableByOthers,
    }
  } catch (cause) {
    throw fileError(path, cause)
  }
}

/**
 * Where a file is. Not by `resolve`, which takes the `..` behind a link to a folder for the folder of the link.
 *
 * @param directory - Where a relative path starts. Default: the working directory at the moment of its use.
 */
export function placeOf(path: string, directory?: string): string {
  return directory === undefined || parse(path).root !== '' ? path : `${directory}${sep}${path}`
}

/** Nothing is waited for: not a writer, nor what a terminal has not said yet. Windows has no such flag. */
const atOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

async function readFile(path: string, size: number): Promise<Buffer> {
  const file = await open(path, atOnce)
  try {
    return await readBounded(file, size)
  } finally {
    await file.close()
  }
}

/**
 * Until all of `size` is there, or the end: devices, and files that the system makes up, have no size. Not by a stream:
 * loading Node's code for them costs a short process 3 ms.
 */
async function readBounded(file: FileHandle, size: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  while (length <= maxContentBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(16_384, maxContentBytes + 1 - length))
    const { bytesRead } = await file.read(chunk, 0, chunk.length)
    if (bytesRead === 0) break
    chunks.push(chunk.subarray(0, bytesRead))
    length += bytesRead
    if (length === size) break
  }
  return Buffer.concat(chunks)
}

/** By the event loop: a thread that waits for a writer is one less for all else, and holds up the end of the process. */
async function readPipe(path: string): Promise<Buffer> {
  const { Socket } = await import('node:net')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of new Socket({ fd: openSync(path, atOnce), writable: false })) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxContentBytes) break
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
      hint: isAbsolute(path)
        ? 'check the path'
        : 'check the path; a relative one starts at the working directory of the process',
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
    hint:
      code === 'EACCES' || code === 'EPERM'
        ? 'the user that runs this process must own it or be given access to it'
        : '`ls -l` shows whether a file or a pipe is there',
  })
}

/** PEM, or base64 longer than names of files are. */
function looksLikeContent(path: string): boolean {
  return path.includes('-----BEGIN') || (path.length > 255 && /^[\w+/=\s-]+$/.test(path))
}
