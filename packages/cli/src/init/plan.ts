import { join } from 'node:path'
import { CliError, UsageError } from '../cli-error.ts'
import type { Context } from '../command.ts'
import {
  assertProfileName,
  type ConfigTarget,
  parseOrigin,
  readTarget,
  targetOf,
} from '../config/change-config.ts'
import { type Setting, settingDefaults } from '../config/definitions.ts'
import { folderOf } from '../config/folders.ts'
import { optionLayer, variableLayers } from '../config/layers.ts'
import { merge, type SettingsValues } from '../config/resolve-settings.ts'
import { type FoundEmulator, livingEmulators } from '../emulator/run-file.ts'
import { shellWord } from '../shell-word.ts'
import { isLoopback } from '../token-url.ts'
import { refuseExisting } from '../write-file.ts'

/** What `x5t init` is about to write. */
export interface InitPlan {
  readonly profile: string
  readonly target: ConfigTarget
  readonly tenant: string
  readonly clientId: string
  readonly authority: string
  /** Who named the authority, where it was neither an option nor the default nor a running emulator. */
  readonly authorityFrom: string | undefined
  readonly scope: string | undefined
  readonly ca: Setting | undefined
  /** Of the key pair; made with mode 0700. */
  readonly folder: string
  readonly keyPath: string
  readonly certificatePath: string
}

export interface InitValues extends SettingsValues {
  readonly emulator: boolean
  readonly project: boolean
  readonly force: boolean
}

/** Folder of keys beside a project's `x5t.json`. */
export const projectKeyFolder = '.x5t'

/**
 * From options, variables, and what a running emulator says of itself; the rest is asked for, where a person can be.
 *
 * @throws UsageError naming everything that is missing, ConfigurationError for a tenant that is none, CliError `ERR_FILE_EXISTS` when there is something already.
 */
export async function planInit(values: InitValues, context: Context): Promise<InitPlan> {
  const { io } = context
  const profile = values.profile ?? 'default'
  assertProfileName(profile)
  const target = targetOf(values.project, io)
  const root = target.kind === 'project' ? join(io.folder, projectKeyFolder) : folderOf('data', io)
  const folder = join(root, profile)
  const keyPath = join(folder, `${profile}.key`)
  const certificatePath = join(folder, `${profile}.crt`)
  if (!values.force) {
    const hints = values.emulator ? addItAgain(profile, target) : []
    await refuseExisting(
      [keyPath, certificatePath],
      ['nothing was written; --force replaces them, --profile NAME makes another', ...hints],
    )
    refuseProfile(profile, target, hints)
  }
  // Who asks for the emulator means no other service that the environment may name.
  const running = values.emulator ? runningEmulator(context) : undefined
  const found = merge([optionLayer(values, io), ...(running === undefined ? variableLayers(io) : [])])
  const known = {
    tenant: found.tenant?.value ?? running?.tenantId,
    clientId: found.clientId?.value ?? running?.appId,
  }
  const authority = found.authority?.value ?? running?.url ?? settingDefaults.authority
  return {
    profile,
    target,
    ...(await complete(known, context)),
    authority: parseOrigin('--authority', authority),
    authorityFrom: found.authority?.source === 'option' ? undefined : found.authority?.from,
    scope: found.scope?.value,
    ca: found.ca ?? caOf(running),
    folder,
    keyPath,
    certificatePath,
  }
}

function refuseProfile(profile: string, target: ConfigTarget, hints: readonly string[]): void {
  if (!Object.hasOwn(readTarget(target)?.profiles ?? {}, profile)) return
  const options = {
    hints: ['nothing was written; --force replaces it, --profile NAME makes another', ...hints],
  }
  throw new CliError('ERR_FILE_EXISTS', `profile ${profile} exists in ${target.path}`, options)
}

/** An emulator that was started anew may not know the certificate that is there, and takes it. */
function addItAgain(profile: string, target: ConfigTarget): readonly string[] {
  const stored = Object.entries(readTarget(target)?.profiles ?? {}).find(([name]) => name === profile)?.[1]
  const { authority = '', certificate } = stored ?? {}
  if (certificate === undefined || !URL.canParse(authority) || !isLoopback(new URL(authority))) return []
  const command = `x5t emulator cert add ${shellWord(certificate)} --profile ${profile}`
  return [`or register the one that is there: ${command}`]
}

function runningEmulator({ io }: Context) {
  const [running] = livingEmulators(io)
  if (running?.tenantId !== undefined) return running
  throw new CliError('ERR_CONFIG_MISSING', 'no emulator is known to run on this machine', {
    hints: ['start one with: x5t emulator'],
  })
}

function caOf(running: FoundEmulator | undefined): Setting | undefined {
  const from = 'the emulator that runs'
  return running?.caPath === undefined ? undefined : { value: running.caPath, from, source: 'default' }
}

const questions = {
  tenant: ['Tenant, GUID or domain (--tenant): ', '--tenant'],
  clientId: ['Application (client) id (--client-id): ', '--client-id'],
} as const

async function complete(
  known: { readonly tenant: string | undefined; readonly clientId: string | undefined },
  { ask }: Context,
): Promise<{ tenant: string; clientId: string }> {
  const missing = (['tenant', 'clientId'] as const).filter((name) => !known[name])
  if (missing.length > 0 && ask === undefined) {
    throw new UsageError(
      missing.map((name) => `${questions[name][1]} is missing`),
      ['for the emulator that runs on this machine: x5t init --emulator'],
    )
  }
  const answered: Partial<Record<'tenant' | 'clientId', string>> = {}
  for (const name of missing) answered[name] = (await ask?.(questions[name][0])) ?? ''
  const { tenant = '', clientId = '' } = { ...known, ...answered }
  if (!/^[\w.:/-]{1,256}$/.test(clientId))
    throw new UsageError(['--client-id takes the application (client) id'])
  const { parseAuthority } = await import('x5t')
  return { tenant: parseAuthority({ tenant }).tenant, clientId }
}
