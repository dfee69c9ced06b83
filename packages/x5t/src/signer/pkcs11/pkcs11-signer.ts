import { CertificateError } from '../../errors.ts'
import type { SignatureAlgorithm, Signer } from '../signer.ts'
import type { Mechanism } from './mechanism.ts'
import type { OpenKey } from './open-key.ts'
import { isSessionLost, pkcs11Error } from './pkcs11-error.ts'

/**
 * Signs with a key in a token. Signatures wait for each other, for a session makes one at a time. A session that was
 * lost (the device was unplugged, the network HSM restarted) is opened again, once per signature, until `close`.
 */
export function pkcs11Signer(options: {
  readonly opened: OpenKey
  readonly reopen: () => Promise<OpenKey>
  /** Best first; of those for one algorithm the first is used. */
  readonly mechanisms: readonly Mechanism[]
  /** Asked again for each signature of a key that wants it so. */
  readonly pin: () => Promise<string | undefined>
}): Signer & { close(): void } {
  const { reopen, mechanisms, pin } = options
  let { session, key } = options.opened
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  async function signOnce(mechanism: Mechanism, data: Uint8Array): Promise<Buffer> {
    return session.sign(mechanism, key, data, key.asksPinEachTime ? await pin() : undefined)
  }

  async function sign(mechanism: Mechanism, data: Uint8Array): Promise<Buffer> {
    if (closed) throw closedSigner()
    try {
      return await signOnce(mechanism, data).catch(async (error: unknown) => {
        if (closed || !isSessionLost(error)) throw error
        const before = session
        ;({ session, key } = await reopen())
        before.close()
        if (closed) session.close()
        return signOnce(mechanism, data)
      })
    } catch (error) {
      throw closed && isSessionLost(error) ? closedSigner() : pkcs11Error(error)
    }
  }

  return {
    algorithms: [...new Set(mechanisms.map(({ algorithm }) => algorithm))],
    sign(algorithm, data) {
      const mechanism = mechanisms.find((each) => each.algorithm === algorithm)
      if (mechanism === undefined) return Promise.reject(cannot(algorithm))
      const signature = last.then(() => sign(mechanism, data))
      last = signature.catch(() => undefined)
      return signature
    },
    close() {
      closed = true
      session.close()
    },
  }
}

function closedSigner(): CertificateError {
  return new CertificateError('ERR_SIGNER_FAILED', 'the credential of the token was closed', {
    hint: 'load it again, or close it later',
  })
}

function cannot(algorithm: SignatureAlgorithm): CertificateError {
  return new CertificateError('ERR_SIGNER_FAILED', `the token cannot sign with ${algorithm}`, {
    hint: 'leave the algorithm option out, and one that the token can do is taken',
  })
}
