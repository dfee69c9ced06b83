import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CertificateError } from '../errors.ts'
import { inTime } from '../internal/in-time.ts'
import { adoptingSource, longestLookMs } from './adopting-source.ts'
import type { CredentialSource } from './client-credential.ts'
import type { LoadedCredential } from './load-credential.ts'
import { pairIn } from './load-key-pair.ts'
import { assertLoadOptions, forSuccessor, type LoadOptions } from './outside-dates.ts'
import { placeOf } from './read-key-file.ts'
import { pathsOf, readSource } from './source.ts'

export interface WatchOptions extends LoadOptions {
  /** Files with the key and the certificate, as `loadCredential` takes them; `chdir` later does not move a relative one. */
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
  assertLoadOptions(options)
  const paths = pathsOf({ path })
  // Of now: the process may go to another, and the files stay.
  const directory = resolve()
  const places = paths.map((each) => placeOf(each, directory))
  const askPassphrase = async () => (typeof passphrase === 'function' ? passphrase() : passphrase)
  async function load(opener: string | undefined, choice: LoadOptions): Promise<LoadedCredential> {
    const material = await readSource({ path: paths, passphrase: opener }, directory)
    const { certificate, signer, warnings } = await pairIn(material, choice)
    return { certificate, signer, warnings }
  }

  let seen = await versionOf(places)
  const first = await load(await askPassphrase(), options)
  return adoptingSource(first, async ({ certificate }) => {
    const version = await versionOf(places)
    if (version === seen) return undefined
    // Before they count as seen: where the passphrase cannot be had now, these files are looked at again.
    const opener = await inTime(
      askPassphrase(),
      longestLookMs,
      (within) => new CertificateError('ERR_TIMEOUT', `the passphrase function gave no answer ${within}`),
    )
    seen = version
    if (version.split(',').includes(pipe)) throw notWatched()
    return load(opener, forSuccessor(certificate, options)).catch((error: unknown) => {
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
async function versionOf(places: readonly string[]): Promise<string> {
  const versions = await Promise.all(
    places.map((place) =>
      stat(place, { bigint: true }).then(
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
