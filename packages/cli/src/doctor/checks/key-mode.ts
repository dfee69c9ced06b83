import { statSync } from 'node:fs'
import { isReadableByOthers } from '../../exposed-file.ts'
import { shellWord } from '../../shell-word.ts'
import { defineCheck, type Finding } from '../check.ts'

export const keyMode = defineCheck({
  name: 'key file',
  proves: 'no other user of the machine can read the private key',
  needs: ['settings', 'given'],
  async run({ settings, given }, { io }): Promise<Finding> {
    const path = (settings.values.key ?? settings.values.certificate)?.value
    if (given.key !== undefined)
      return { proof: `the key comes by ${given.key.from}, not from a file`, skipped: true }
    if (io.platform === 'win32') return { proof: 'Windows has no modes', skipped: true }
    const mode = path === undefined ? undefined : modeOf(path)
    if (path === undefined || mode === undefined) return { proof: 'there is no such file', skipped: true }
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    if (!isReadableByOthers({ mode })) return { proof: `${path} has mode ${octal}` }
    return {
      proof: `${path} has mode ${octal}`,
      problems: [
        {
          severity: 'failure',
          message: `other users of this machine can read the private key: ${path} has mode ${octal}`,
          hints: [`chmod 600 ${shellWord(path)}`],
        },
      ],
    }
  },
})

/** Undefined where it cannot be seen; the check that reads the file says why. */
function modeOf(path: string): number | undefined {
  try {
    const status = statSync(path)
    return status.isDirectory() ? undefined : status.mode
  } catch {
    return undefined
  }
}
