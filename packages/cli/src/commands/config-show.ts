import { existsSync } from 'node:fs'
import { defineCommand } from '../command.ts'
import { clientOptions } from '../config/client-options.ts'
import { isComplete } from '../config/complete.ts'
import { settingNames } from '../config/definitions.ts'
import { initCommand } from '../config/init-command.ts'
import { profileOption } from '../config/profile-option.ts'
import { resolveSettings, scopeOption } from '../config/resolve-settings.ts'
import { readKeyText } from '../key-text.ts'
import { textOrJson } from '../output-option.ts'
import { checkPassphrase, findPassphrase } from '../passphrase.ts'
import { plain } from '../plain.ts'

export const configShow = defineCommand({
  summary: 'Show what a client would be told, and where each value comes from',
  details:
    'Takes the options of x5t token, so that the same words show what they would do. Secrets are named, never shown.',
  examples: ['x5t config show', 'x5t config show --profile billing', 'x5t config show --output json'],
  options: { ...clientOptions, scope: scopeOption, output: textOrJson },
  check: (values) => checkPassphrase(values),
  async run({ output, ...values }, { io, terminal }) {
    const settings = resolveSettings(values, io)
    const key = readKeyText(values, io)
    const passphrase = await findPassphrase(values, { io, terminal })
    const files = settings.files.map(({ path, kind, content }) => ({
      path,
      kind,
      exists: content !== undefined,
    }))
    if (output === 'json') {
      const secrets = {
        keyText: key && { from: key.from },
        passphrase: passphrase && { from: passphrase.from },
      }
      const { profile, values: found } = settings
      terminal.out(JSON.stringify({ schemaVersion: 1, profile, settings: found, ...secrets, files }))
    } else {
      const hidden = (name: string, from: string | undefined) =>
        from === undefined ? [] : [[name, '(not shown)', from] as const]
      const rows = [
        ['profile', settings.profile.value, settings.profile.from],
        ...settingNames.map((name) => [
          name,
          settings.values[name]?.value ?? '-',
          settings.values[name]?.from ?? '',
        ]),
        ...hidden('key text', key?.from),
        ...hidden('passphrase', passphrase?.from),
        ...files.map(({ path, exists }) => ['file', path, exists ? 'read' : 'not there']),
      ] as const
      const width = Math.max(...rows.map(([, value = '']) => plain(value).length))
      const lines = rows.map(([name = '', value = '', from = '']) =>
        `${name.padEnd(11)}  ${plain(value).padEnd(width)}  ${plain(from)}`.trimEnd(),
      )
      terminal.out(lines.join('\n'))
    }
    const { certificate } = settings.values
    const missing = certificate !== undefined && !existsSync(certificate.value)
    if (missing) terminal.warn(`${certificate.value} does not exist (${certificate.from})`)
    const complete = isComplete(settings, key !== undefined)
    terminal.note(`next: ${complete ? `x5t token${profileOption(values)}` : initCommand(settings)}`)
    return 0
  },
})
