import { CertificateError } from '../../errors.ts'
import type { Pkcs11js, Pkcs11Library } from './pkcs11js.ts'

/** A PKCS#11 library (v2.40) as `pkcs11js` offers it. This is the only module that imports that package. */
export interface Cryptoki {
  readonly library: Pkcs11Library
  readonly constants: Pkcs11js
}

/** Not in the `import` itself: the compiler would look for its types, and npm leaves it out where it cannot be built. */
const packageName: string = 'pkcs11js'

/**
 * Loads and initializes a PKCS#11 library. It stays so until the process ends: initialization belongs to the process,
 * and others may use the same library.
 *
 * @param path - Of the shared library, `/usr/lib/softhsm/libsofthsm2.so`.
 * @throws CertificateError `ERR_PKCS11_UNAVAILABLE` without `pkcs11js`, or without the library.
 */
export async function loadCryptoki(path: string): Promise<Cryptoki> {
  const { default: constants }: { default: Pkcs11js } = await import(packageName).catch((cause: unknown) => {
    throw unavailable('the package pkcs11js cannot be loaded', cause, remedyOf(cause))
  })
  const library = new constants.PKCS11()
  try {
    library.load(path)
    library.C_Initialize()
  } catch (cause) {
    if (!(cause instanceof Error && cause.message === 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) {
      throw unavailable(`the PKCS#11 library ${path} cannot be loaded`, cause, 'check the path of the module')
    }
  }
  return { library, constants }
}

/** Where the package is an optional one, npm leaves it out in silence when it cannot be built, and rebuilds nothing. */
function remedyOf(cause: unknown): string {
  const installed = !(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')
  return installed
    ? 'it is installed and not built: npm rebuild pkcs11js, which needs a C++ compiler, make and Python'
    : 'first a C++ compiler, make and Python, then npm install pkcs11js; without them npm can leave it out and say nothing'
}

function unavailable(message: string, cause: unknown, hint: string): CertificateError {
  return new CertificateError('ERR_PKCS11_UNAVAILABLE', message, { cause, hint })
}
