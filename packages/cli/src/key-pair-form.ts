import { X509Certificate } from 'node:crypto'
import type { Certificate, KeyPair } from 'x5t'
import type { FileToWrite } from './write-file.ts'

/** Forms without the private key, and with it. */
export const publicForms = ['cer', 'crt'] as const
export const keyForms = ['pair', 'pem', 'azure-devops', 'pfx'] as const
export type PublicForm = (typeof publicForms)[number]
export type KeyForm = (typeof keyForms)[number]

/** For the help of whoever writes them. */
export const formsInWords =
  'cer     certificate, DER, as the portal takes it; no key\n' +
  'crt     certificate and chain, PEM; no key\n' +
  'pair    OUT.key and OUT.crt, PEM\n' +
  'pem     certificate, chain and key in one PEM\n' +
  'azure-devops   the same with Bag Attributes, for a service connection of Azure DevOps\n' +
  'pfx     certificate, chain and key as PKCS#12 with AES-256'

export function isKeyForm(form: PublicForm | KeyForm): form is KeyForm {
  return keyForms.some((one) => one === form)
}

export function renderCertificate({ der, chain }: Certificate, form: PublicForm, out: string): FileToWrite {
  if (form === 'cer') return { path: out, text: der, mode: 0o644 }
  const pems = [der, ...chain].map((one) => new X509Certificate(one).toString())
  return { path: out, text: pems.join(''), mode: 0o644 }
}

/**
 * The files of one form.
 *
 * @param out - Their path; of a pair, without the endings.
 * @param passphrase - Encrypts the private key. A PFX has one; checkWrite has seen to it.
 */
export async function renderKeyPair(
  pair: Pick<KeyPair, 'certificate' | 'privateKey'>,
  form: KeyForm,
  out: string,
  passphrase: string | undefined,
): Promise<readonly FileToWrite[]> {
  const { exportPem, exportPfx } = await import('x5t')
  if (form === 'pfx') {
    return [{ path: out, text: await exportPfx(pair, { passphrase: passphrase ?? '' }), mode: 0o600 }]
  }
  const pem = await exportPem(pair, { passphrase, bagAttributes: form === 'azure-devops' })
  if (form !== 'pair') return [{ path: out, text: pem.combinedPem, mode: 0o600 }]
  const [keyPath = '', certificatePath = ''] = pathsOf(form, out)
  return [
    { path: keyPath, text: pem.privateKeyPem, mode: 0o600 },
    { path: certificatePath, text: pem.certificatePem, mode: 0o644 },
  ]
}

/** Where the files of a form go: the key before the certificate where they are two. */
export function pathsOf(form: KeyForm, out: string): readonly string[] {
  if (form !== 'pair') return [out]
  const stem = out.replace(/\.(key|crt|pem)$/i, '')
  return [`${stem}.key`, `${stem}.crt`]
}
