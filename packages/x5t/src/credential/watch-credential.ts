import { stat } from 'node:fs/promises'
import { CertificateError } from '../errors.ts'
import { adoptingSource, longestLookMs } from './adopting-source.ts'
import type { CredentialSource } from './client-credential.ts'
import { inTime } from './in-time.ts'
import { type LoadedCredential, loadCredential } from './load-credential.ts'
import { forSuccessor, type LoadOptions } from './outside-dates.ts'

export interface WatchOptions extends LoadOptions {
  /** Files with the key and the certificate, as `loadCredential` takes them. */
  readonly path: string | readonly string[]
  /** Opens the key; a function is asked each time the files have changed, and again until what it says opens them. */
  readonly passphrase?: string | (() => Promise<string | undefined>) | undefined
}

/**
 * A credential whose files may be replaced while the process runs: renamed over, swapped behind a symbolic link as
 * Kubernetes does it, or written one after the other. The files are looked at when a signature is needed, by no timer.
 *
 * What cannot be used (half written, not belonging together, deleted for a moment, another passphrase, a certificate that
 * has expired or begins later, where the one before is valid) changes nothing: the credential before goes on, and an
 * `x5t:adoption` event says why.
 *
 * A pipe is read at the start and never again: it may have no writer, and every signature would wait for one.
 *
 * @throws CertificateError when the files cannot be used at the start.
 */
export async function watchCredential({
  path,
  passphrase,
  ...options
}: WatchOptions): Promise<CredentialSource<LoadedCredential>> {
  const paths = [path].flat()
  const askPassphrase = async () => (typeof passphrase === 'function' ? passphrase() : passphrase)

  let seen = await versionOf(paths)
  const first = await loadCredential({ ...options, path: paths, passphrase: await askPassphrase() })
  return adoptingSource(first, async ({ certificate }) => {
    const version = await versionOf(paths)
    if (version === seen) return undefined
    // Before they count as seen: where the passphrase cannot be had now, these files are looked at again.
    const opener = await inTime(askPassphrase(), longestLookMs, 'the passphrase function gave no answer')
    seen = version
    if (version.split(',').includes(pipe)) throw notWatched()
    const source = { ...forSuccessor(certificate, options), path: paths, passphrase: opener }
    return loadCredential(source).catch((error: unknown) => {
      if (canPass(error) || (typeof passphrase === 'function' && isPassphraseError(error))) seen = ''
      throw error
    })
  })
}

/** Too many open files, a share that is away, a certificate of tomorrow: the same files may load at the next look. */
function canPass(error: unknown): boolean {
  return error instanceof CertificateError && /^ERR_(FILE_UNREADABLE|CERT_NOT_YET_VALID)$/.test(error.code)
}

/** The new passphrase may come after the new file. */
function isPassphraseError(error: unknown): boolean {
  return error instanceof CertificateError && error.code.startsWith('ERR_PASSPHRASE_')
}

const pipe = 'pipe'

function notWatched(): CertificateError {
  return new CertificateError('ERR_FILE_UNREADABLE', 'a pipe stands among the watched files now', {
    hint: 'put a file in its place; a pipe is read at the start only',
  })
}

/** Changes whenever a file behind a path does; a file that is away for a moment is a version too. */
async function versionOf(paths: readonly string[]): Promise<string> {
  const versions = await Promise.all(
    paths.map((path) =>
      stat(path, { bigint: true }).then(
        (stats) => {
          const { dev, ino, size, mtimeNs, ctimeNs } = stats
          return stats.isFIFO() ? pipe : `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
        },
        () => 'away',
      ),
    ),
  )
  return versions.join()
}
