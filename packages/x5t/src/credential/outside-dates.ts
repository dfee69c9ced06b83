import type { Certificate } from '../certificate/certificate.ts'
import { checkValidity } from '../certificate/validity.ts'
import { CertificateError } from '../errors.ts'

export interface LoadOptions {
  /** A certificate outside its dates: `warn` says so in `warnings` (default), `refuse` throws. */
  readonly outsideDates?: 'warn' | 'refuse' | undefined
  /** Epoch milliseconds. */
  readonly now?: (() => number) | undefined
}

/** @throws TypeError for another word, which would be taken for a warning where a refusal was meant, and for `watch`. */
export function assertLoadOptions(options: LoadOptions): void {
  const { outsideDates: choice = 'warn' } = options
  if (choice !== 'warn' && choice !== 'refuse') throw new TypeError("outsideDates must be 'warn' or 'refuse'")
  if ('watch' in options) throw new TypeError('files are watched by watchCredential({ path })')
}

/**
 * @returns Warnings.
 * @throws CertificateError `ERR_CERT_EXPIRED` or `ERR_CERT_NOT_YET_VALID` where the options say so.
 */
export function outsideDates(
  certificate: Certificate,
  { outsideDates: choice = 'warn', now = Date.now }: LoadOptions,
): string[] {
  try {
    checkValidity(certificate, now())
    return []
  } catch (error) {
    if (choice === 'refuse' || !(error instanceof CertificateError)) throw error
    return [error.message]
  }
}

/** How the one that follows `certificate` is loaded: one that serves does not give way to one that cannot. */
export function forSuccessor<Options extends LoadOptions>(
  certificate: Certificate,
  options: Options,
): Options {
  const serves = outsideDates(certificate, { ...options, outsideDates: 'warn' }).length === 0
  return serves ? { ...options, outsideDates: 'refuse' } : options
}
