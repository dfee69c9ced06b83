import { CliError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { changeConfig, targetOf } from '../config/change-config.ts'
import { readConfigFiles } from '../config/config-file.ts'
import { listProfiles } from '../config/list-profiles.ts'
import { projectOption } from '../config/project-option.ts'
import { environmentOf } from '../config/variables.ts'
import { nearest } from '../nearest.ts'

export const configUse = defineCommand({
  summary: 'Choose the profile that is used where none is named',
  examples: ['x5t config use billing', 'x5t config use billing --project'],
  options: { project: projectOption },
  positionals: { profile: { description: 'name of the profile' } },
  async run({ profile, project }, { io, terminal }) {
    const profiles = listProfiles(readConfigFiles(io))
    const found = profiles.find(({ name }) => name === profile)
    if (found === undefined) {
      const guess = nearest(
        profile,
        profiles.map(({ name }) => name),
      )
      throw new CliError('ERR_CONFIG_MISSING', `there is no profile "${profile}"`, {
        hints: [
          guess === undefined ? 'x5t config list shows them; x5t init makes one' : `did you mean: ${guess}`,
        ],
      })
    }
    const target = targetOf(project, io)
    // In every other folder that file would name a profile that is nowhere.
    if (target.kind === 'user' && !found.files.includes(target.path)) {
      throw new CliError('ERR_CONFIG_MISSING', `profile "${profile}" is one of this project alone`, {
        hints: [`x5t config use ${profile} --project`],
      })
    }
    const changed = await changeConfig(target, (content) => ({ ...content, profile }))
    terminal.out(`${changed ? 'wrote' : 'unchanged'} ${target.path}: profile ${profile} is used`)
    const stronger = readConfigFiles(io).find(({ content }) => content?.profile !== undefined)
    if (environmentOf(io).X5T_PROFILE !== undefined) terminal.warn('X5T_PROFILE is set and goes before it')
    else if (stronger !== undefined && stronger.kind !== target.kind) {
      terminal.warn(`${stronger.path} names a profile too and goes before it`)
    }
    terminal.note('next: x5t config show')
    return 0
  },
})
