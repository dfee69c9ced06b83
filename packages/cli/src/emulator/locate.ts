import { CliError, UsageError } from '../cli-error.ts'
import { readCa } from '../client.ts'
import { settingDefaults } from '../config/definitions.ts'
import { resolveSettings, type Settings, settingsOptions } from '../config/resolve-settings.ts'
import { readVariables } from '../config/variables.ts'
import type { Io } from '../io.ts'
import { readFoundFile } from '../small-file.ts'
import { isLoopback } from '../token-url.ts'
import { type FoundEmulator, foundAt, livingEmulators } from './run-file.ts'

/** Options of every command that speaks to a running emulator. */
export const emulatorOptions = {
  url: {
    type: 'string',
    value: 'URL',
    description:
      'address of the emulator; default: X5T_EMULATOR_URL, the configured authority, or the one that runs',
  },
  profile: settingsOptions.profile,
  ca: settingsOptions.ca,
} as const

/** An option that names an app, for which the configured one stands in. */
export const appOption = {
  type: 'string',
  value: 'ID',
  description: 'client id of the app; default: the configured one',
} as const

export interface EmulatorValues {
  readonly url: string | undefined
  readonly profile: string | undefined
  readonly ca: string | undefined
}

/** Where a running emulator is, and what its TLS certificate is checked with. */
export interface Located {
  readonly origin: string
  /** PEM; undefined: the usual authorities. */
  readonly ca: string | undefined
  readonly settings: Settings
  /** Those that run at another address, the newest first. */
  readonly others: readonly FoundEmulator[]
}

/** @throws CliError when `url` is none, nothing says where it is, or the configuration means the real service. */
export function locateEmulator({ url, profile, ca }: EmulatorValues, io: Io): Located {
  const named = namedEmulator(url, io)
  const settings = resolveSettings({ profile, ca }, io)
  const running = livingEmulators(io)
  const origin = named ?? configured(settings) ?? running[0]?.url
  if (origin === undefined) {
    throw new CliError('ERR_CONFIG_MISSING', 'no emulator is known to run on this machine', {
      hints: ['start one with: x5t emulator', 'or name it: --url https://localhost:8443'],
    })
  }
  const others = running.filter((one) => one.url !== origin)
  return { origin, ca: readCa(settings) ?? caOf(foundAt(new URL(origin), running)), settings, others }
}

/** The origin that `--url` names, or else the environment. @throws UsageError, CliError `ERR_CONFIG_INVALID` */
export function namedEmulator(url: string | undefined, io: Io): string | undefined {
  if (url !== undefined) {
    if (isAddress(url)) return new URL(url).origin
    throw new UsageError(['--url takes an address: https://localhost:8443'])
  }
  const { X5T_EMULATOR_URL } = readVariables(io)
  if (X5T_EMULATOR_URL === undefined) return undefined
  if (isAddress(X5T_EMULATOR_URL)) return new URL(X5T_EMULATOR_URL).origin
  throw new CliError('ERR_CONFIG_INVALID', 'X5T_EMULATOR_URL is no address such as https://localhost:8443')
}

const isAddress = (url: string) => /^https?:\/\//.test(url) && URL.canParse(url)

/**
 * The configuration of the real service must not send a certificate there. The public cloud in a file says as little
 * of an emulator as the default: `x5t init` writes it into each profile.
 */
function configured({ values: { authority } }: Settings): string | undefined {
  if (authority === undefined || authority.source === 'default') return undefined
  if (authority.source === 'file' && authority.value === settingDefaults.authority) return undefined
  if (isLoopback(new URL(authority.value))) return authority.value
  throw new CliError(
    'ERR_CONFIG_INVALID',
    `${authority.from} points at ${authority.value}, which is no emulator`,
    {
      hints: [
        'upload the certificate in the portal: App registrations > Certificates & secrets',
        'or name the emulator: --url https://localhost:8443',
      ],
    },
  )
}

/** The authority that a running emulator says is its own, PEM. Undefined over http, and where it cannot be read. */
export function caOf(running: FoundEmulator | undefined): string | undefined {
  try {
    return running?.caPath === undefined ? undefined : readFoundFile(running.caPath)
  } catch {
    // The connection will say that the authority is not trusted.
    return undefined
  }
}

/** @throws CliError when no option and no configuration names an app. */
export function appIdOf(named: string | undefined, { settings }: Located): string {
  const appId = named ?? settings.values.clientId?.value
  if (appId !== undefined) return appId
  throw new CliError('ERR_CONFIG_MISSING', 'which app?', {
    hints: [
      'put the lines that x5t emulator prints into .env, or give --app',
      'x5t emulator app list shows them',
    ],
  })
}
