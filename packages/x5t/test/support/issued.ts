import { readFileSync } from 'node:fs'
import { folder, openssl } from './openssl.ts'

export interface Issued {
  readonly key: string
  readonly leaf: string
  readonly intermediate: string
  readonly root: string
}

/** An RSA leaf, the intermediate that issued it and the root above, by OpenSSL; paths of PEM files and their texts. */
export function issueChain(): { files: Issued; pem: Issued } {
  const root = make('root', ec, ['-x509', '-addext', 'basicConstraints=critical,CA:true'])
  const intermediate = issue('intermediate', ec, 'root', 'basicConstraints=critical,CA:true')
  const leaf = issue('leaf', ['rsa:2048'], 'intermediate', 'basicConstraints=CA:false')
  const files = { key: folder.path('leaf.key'), leaf, intermediate, root }
  const read = (name: keyof Issued) => readFileSync(files[name], 'utf8')
  return {
    files,
    pem: { key: read('key'), leaf: read('leaf'), intermediate: read('intermediate'), root: read('root') },
  }
}

/** Quick to make, and a chain need not be RSA. */
const ec = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']

function make(name: string, key: readonly string[], options: readonly string[]): string {
  const subject = ['-subj', `/O=Contoso/CN=${name}`]
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
  openssl('req', '-newkey', ...key, '-noenc', ...subject, ...files, ...options)
  return folder.path(`${name}.pem`)
}

function issue(name: string, key: readonly string[], issuer: string, extension: string): string {
  const request = make(name, key, [])
  const extensions = folder.write(`${name}.ext`, extension)
  const by = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-extfile', extensions]
  openssl('x509', '-req', '-in', request, '-out', `${name}.pem`, '-days', '30', ...by)
  return folder.path(`${name}.pem`)
}
