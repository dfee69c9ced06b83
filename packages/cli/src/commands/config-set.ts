import { defineCommand } from '../command.ts'
import {
  assertProfileName,
  changeConfig,
  parseSettingName,
  readTarget,
  settingToKeep,
  targetOf,
  withSettings,
} from '../config/change-config.ts'
import { type SettingName, settingDefinitions, settingNames } from '../config/definitions.ts'
import { projectOption } from '../config/project-option.ts'
import { environmentOf } from '../config/variables.ts'
import { isGuid } from '../guid.ts'
import type { Terminal } from '../terminal.ts'

export const configSet = defineCommand({
  summary: 'Set or remove one value of a profile in the configuration file',
  details: `Settings:\n${settingNames.map((name) => `  ${name.padEnd(11)}  ${settingDefinitions[name].description}`).join('\n')}`,
  examples: [
    'x5t config set tenant contoso.onmicrosoft.com',
    'x5t config set certificate billing.crt --profile billing',
    'x5t config set ca --unset',
  ],
  options: {
    profile: { type: 'string', value: 'NAME', description: 'default: the profile in use' },
    project: projectOption,
    unset: { type: 'boolean', description: 'remove the value' },
  },
  positionals: {
    name: { description: 'name of the setting' },
    value: { description: 'its value; a path from the working folder', optional: true },
  },
  check: ({ value, unset }) => [
    ...(value === undefined && !unset ? ['VALUE is missing; --unset removes one'] : []),
    ...(value !== undefined && unset ? ['VALUE and --unset exclude each other'] : []),
  ],
  async run({ name, value, profile: named, project }, { io, terminal }) {
    const setting = parseSettingName(name)
    const target = targetOf(project, io)
    const profile = named ?? environmentOf(io).X5T_PROFILE ?? readTarget(target)?.profile ?? 'default'
    assertProfileName(profile)
    if (value !== undefined) await checkId(setting, value, terminal)
    const kept = value === undefined ? undefined : settingToKeep(setting, value, target, io)
    const changed = await changeConfig(target, (content) =>
      withSettings(content, profile, { [setting]: kept }),
    )
    const what = kept === undefined ? `${setting} removed` : `${setting} = ${kept}`
    terminal.out(`${changed ? 'wrote' : 'unchanged'} ${target.path}: ${what} in profile ${profile}`)
    terminal.note(`next: x5t config show${profile === 'default' ? '' : ` --profile ${profile}`}`)
    return 0
  },
})

/** @throws ConfigurationError for a tenant that is none. */
async function checkId(setting: SettingName, value: string, { warn }: Terminal): Promise<void> {
  if (setting === 'tenant') {
    const { parseAuthority } = await import('x5t')
    parseAuthority({ tenant: value })
  } else if (setting === 'clientId' && !isGuid(value)) {
    warn(`client id "${value}" is no GUID; AD FS alone takes others`)
  }
}
