import { resolve } from 'node:path'
import { isExposed } from '../../exposed-file.ts'
import type { Io } from '../../io.ts'
import { readKeyText } from '../../key-text.ts'
import { findPassphrase } from '../../passphrase.ts'
import { shellWord } from '../../shell-word.ts'
import { blocked, defineCheck, type Finding, type Problem } from '../check.ts'
import { wordsOf } from '../error-words.ts'

export const passphrase = defineCheck({
  name: 'passphrase',
  proves: 'where the passphrase of the key comes from',
  needs: ['settings'],
  async run(_, { io, ask, terminal, values }): Promise<Finding> {
    const silent = { ...terminal, warn: () => {} } // a problem says it
    try {
      const found = await findPassphrase(values, { io, terminal: silent })
      const key = readKeyText(values, io)
      const none = ask === undefined ? 'none is given' : 'none is given; if one is needed, it is asked for'
      const proof = found === undefined ? none : `from ${found.from}`
      const problems = exposed(values['passphrase-file'], io)
      return { proof, problems, facts: { given: { passphrase: found, key } } }
    } catch (error) {
      const { message, hints } = wordsOf(error)
      return blocked(message, hints)
    }
  },
})

function exposed(file: string | undefined, io: Io): Problem[] {
  if (file === undefined || !isExposed(resolve(io.folder, file), io)) return []
  const message = `other users of this machine can read the passphrase in ${file}`
  return [{ severity: 'warning', message, hints: [`chmod 600 ${shellWord(file)}`] }]
}
