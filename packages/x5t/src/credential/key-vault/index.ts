export { type KeyVaultOptions, loadKeyVaultCredential } from './load-key-vault-credential.ts'
