export { type KeyPair, loadKeyPair } from './load-key-pair.ts'
