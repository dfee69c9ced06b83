import { readKeyText } from '../../key-text.ts'
import { findPassphrase } from '../../passphrase.ts'
import { blocked, defineCheck, type Finding } from '../check.ts'
import { wordsOf } from '../error-words.ts'

export const passphrase = defineCheck({
  name: 'passphrase',
  proves: 'where the passphrase of the key comes from',
  needs: ['settings'],
  async run(_, { io, values }): Promise<Finding> {
    try {
      const found = await findPassphrase(values, io)
      const key = readKeyText(values, io)
      const proof = found === undefined ? 'none is given' : `from ${found.from}`
      return { proof, facts: { given: { passphrase: found, key } } }
    } catch (error) {
      const { message, hints } = wordsOf(error)
      return blocked(message, hints)
    }
  },
})
