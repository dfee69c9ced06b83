import { CertificateError } from '../../errors.ts'

/** What it takes to open what one file encrypts. */
export interface Unlock {
  /** What to call the file in errors. */
  readonly name: string
  /** As given; undefined if none was. */
  readonly passphrase: string | undefined
  readonly password: Password
  /** Counts rounds of key derivation before they are done, over all parts of the file. */
  spend(rounds: number): void
}

/** One passphrase in the two spellings that schemes hash. */
export interface Password {
  /** PBES1 and PBES2. */
  readonly utf8: Buffer
  /** RFC 7292 appendix B.1: UTF-16, big-endian, and two zero octets. */
  readonly bmp: Buffer
}

/**
 * OpenSSL can write a million rounds for each of the three parts of a PFX, and that still opens, in seconds and off
 * the event loop. More is no honest file.
 */
const maxRounds = 5_000_000

export function createUnlock(name: string, passphrase: string | undefined): Unlock {
  let left = maxRounds
  const text = passphrase ?? ''
  return {
    name,
    passphrase,
    password: { utf8: Buffer.from(text), bmp: Buffer.from(`${text}\0`, 'utf16le').swap16() },
    spend(rounds) {
      left -= rounds
      if (left < 0) throw tooCostly(name)
    },
  }
}

/** Missing if there was none to try, wrong if there was. */
export function passphraseRefused({ name, passphrase }: Unlock): CertificateError {
  return passphrase
    ? new CertificateError('ERR_PASSPHRASE_WRONG', `the passphrase does not open ${name}`, {
        hint: 'a space or newline at its end counts, and so does upper case',
      })
    : new CertificateError('ERR_PASSPHRASE_MISSING', `${name} is encrypted and no passphrase was given`, {
        hint: 'give the passphrase that the file was written with',
      })
}

export function unsupportedEncryption(name: string, what: string): CertificateError {
  return new CertificateError('ERR_ENCRYPTION_UNSUPPORTED', `${name} is protected with ${what}`, {
    hint: 'export it again with AES-256, or convert it with the tool that wrote it',
  })
}

function tooCostly(name: string): CertificateError {
  return new CertificateError(
    'ERR_ENCRYPTION_TOO_COSTLY',
    `${name} asks for more than ${maxRounds} rounds of key derivation`,
    { hint: 'export it again with fewer rounds; common tools write between 2048 and 600000' },
  )
}
