import { type KeyObject, X509Certificate } from 'node:crypto'
import type { Certificate } from './certificate.ts'
import { toPem } from './pem.ts'
import { privateKeyPem } from './private-key-pem.ts'

export interface ExportedPem {
  /** The certificate, and its chain behind it. */
  readonly certificatePem: string
  /** PKCS#8, encrypted when a passphrase was given. */
  readonly privateKeyPem: string
  /** Certificate, chain and key in one file, in the order of `openssl pkcs12`. */
  readonly combinedPem: string
}

/** Key pair as text, in two files or in one. Who writes the key to a file gives the file mode 0600. */
export async function exportPem(
  { certificate, privateKey }: { readonly certificate: Certificate; readonly privateKey: KeyObject },
  options: {
    /** Encrypts the private key (PBES2: AES-256, PBKDF2). Without it the key is not encrypted. */
    readonly passphrase?: string | undefined
    /** Puts `Bag Attributes` into the combined PEM, which an Azure DevOps service connection wants. Default: false. */
    readonly bagAttributes?: boolean | undefined
  } = {},
): Promise<ExportedPem> {
  if (options.passphrase === '') throw new TypeError('passphrase must not be empty')
  const key = await privateKeyPem(privateKey, options.passphrase)
  const certificates = [certificate.der, ...certificate.chain]
  const pems = certificates.map((der) => toPem('CERTIFICATE', der))
  const blocks = options.bagAttributes
    ? [
        ...pems.map((pem, i) => (i === 0 ? ownAttributes(certificate) : noAttributes) + namesOf(pem) + pem),
        `${ownAttributes(certificate)}Key Attributes: <No Attributes>\n${key}`,
      ]
    : [...pems, key]
  return { certificatePem: pems.join(''), privateKeyPem: key, combinedPem: blocks.join('') }
}

/** By the local key id, the SHA-1 thumbprint, readers see that key and certificate belong together. */
function ownAttributes({ thumbprintSha1Hex }: Certificate): string {
  return `Bag Attributes\n    localKeyID: ${thumbprintSha1Hex.replace(/../g, '$& ')}\n`
}

const noAttributes = 'Bag Attributes: <No Attributes>\n'

function namesOf(pem: string): string {
  const x509 = new X509Certificate(pem)
  return `subject=${onOneLine(x509.subject)}\nissuer=${onOneLine(x509.issuer)}\n`
}

/** A certificate may have no name, then Node says undefined, or one that looks like the begin of a PEM block. */
function onOneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ').replace(/-{5,}/g, '----')
}
