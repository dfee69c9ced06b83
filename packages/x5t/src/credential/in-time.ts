import { CertificateError } from '../errors.ts'

/**
 * What is waited for no longer than `limitMs`; it goes on, for nobody. The timer keeps no process alive: whoever needs a
 * token waits by a timer of their own.
 *
 * @param late - What there is to say then, one clause: `the passphrase function gave no answer`.
 * @throws CertificateError `ERR_TIMEOUT`.
 */
export function inTime<T>(work: Promise<T>, limitMs: number, late: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new CertificateError('ERR_TIMEOUT', `${late} within ${limitMs / 1_000} s`))
    const timer = setTimeout(leave, limitMs)
    timer.unref()
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
