export {
  loadPkcs11Credential,
  type Pkcs11Credential,
  type Pkcs11Options,
} from './load-pkcs11-credential.ts'
