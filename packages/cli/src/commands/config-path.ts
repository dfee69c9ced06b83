import { existsSync } from 'node:fs'
import { defineCommand } from '../command.ts'
import { configPaths } from '../config/config-file.ts'
import { folderOf } from '../config/folders.ts'
import { textOrJson } from '../output-option.ts'

export const configPath = defineCommand({
  summary: 'Print where configuration, keys, remembered tokens and running emulators are found',
  examples: ['x5t config path', 'x5t config path --output json'],
  options: { output: textOrJson },
  async run({ output }, { io, terminal }) {
    const places = [
      ...configPaths(io).map(({ path, kind }) => ({
        what: `${kind === 'X5T_CONFIG' ? kind : `${kind} config`}`,
        path,
      })),
      { what: 'keys and certificates', path: folderOf('data', io) },
      { what: 'remembered tokens', path: folderOf('cache', io) },
      { what: 'running emulators', path: folderOf('state', io) },
    ].map((place) => ({ ...place, exists: existsSync(place.path) }))
    if (output === 'json') terminal.out(JSON.stringify({ schemaVersion: 1, places }))
    else {
      const lines = places.map(
        ({ what, path, exists }) => `${what.padEnd(21)}  ${path}${exists ? '' : '  (not there)'}`,
      )
      terminal.out(lines.join('\n'))
    }
    terminal.note('next: x5t config show')
    return 0
  },
})
