import { readFileSync } from 'node:fs'
import type { Rows } from './row.ts'

const made = (name: string) => readFileSync(new URL(`made/${name}`, import.meta.url))

/** By tools too large to install for a test; the thumbprints are theirs. The keys are good for nothing else. */
export const keptRows: Rows = {
  'PFX by Java, with a secret key and certificates of others beside the pair': {
    outcome: 'loads',
    files: {
      // keytool of JDK 17: -genkeypair, -importcert and -genseckey into one keystore
      'java.p12': () => ({
        content: made('java.p12'),
        passphrase: 'changeit',
        thumbprints: {
          sha1: 'C8B96071BB1E29E4D7A809AA2249340751C5CA10',
          sha256: '7F10B6B22477FB6708DC1FBB4F3EFF1543633F7E3FF5D548E5F0F4D62B1093D5',
        },
        chain: [],
      }),
    },
  },
  'PFX in BER, as streaming writers make it': {
    outcome: 'loads',
    files: {
      // KeyStore.getInstance("PKCS12", "BC") of BouncyCastle 1.72
      'bouncycastle.p12': () => ({
        content: made('bouncycastle.p12'),
        passphrase: 'pässwörd €',
        thumbprints: {
          sha1: 'D22AB3DEFC87BEE16993A9EC937D906F952BF1B0',
          sha256: '0888FDAFFD1E9C7C0CC80960982A8B71E348C83C9B9EC66CF953A6C09CFB8A96',
        },
        chain: [],
      }),
    },
  },
}
