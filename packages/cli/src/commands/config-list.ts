import { defineCommand } from '../command.ts'
import { readConfigFiles } from '../config/config-file.ts'
import { listProfiles } from '../config/list-profiles.ts'
import { namedProfile } from '../config/resolve-settings.ts'
import { textOrJson } from '../output-option.ts'

export const configList = defineCommand({
  summary: 'List the profiles and mark the one in use',
  examples: ['x5t config list', 'x5t config list --output json'],
  options: { output: textOrJson },
  async run({ output }, { io, terminal }) {
    const files = readConfigFiles(io)
    const profile = namedProfile(undefined, files, io)
    const profiles = listProfiles(files).map((listed) => ({
      ...listed,
      inUse: listed.name === profile.value,
    }))
    if (output === 'json') terminal.out(JSON.stringify({ schemaVersion: 1, profiles, inUse: profile }))
    else
      for (const { name, inUse, files } of profiles)
        terminal.out(`${inUse ? '*' : ' '} ${name}  ${files.join(', ')}`)
    if (profile.source !== 'default' && !profiles.some(({ inUse }) => inUse))
      terminal.warn(`there is no profile "${profile.value}" (${profile.from})`)
    if (profiles.length === 0) terminal.note('no profiles yet')
    terminal.note(`next: ${profiles.length === 0 ? 'x5t init' : 'x5t config use NAME'}`)
    return 0
  },
})
