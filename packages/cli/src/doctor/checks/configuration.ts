import { howToComplete } from '../../config/complete.ts'
import type { Setting, SettingName } from '../../config/definitions.ts'
import { settingDefaults, settingDefinitions, settingNames } from '../../config/definitions.ts'
import { initCommand } from '../../config/init-command.ts'
import { resolveSettings, type Settings } from '../../config/resolve-settings.ts'
import { readVariables } from '../../config/variables.ts'
import { isGuid } from '../../guid.ts'
import { readKeyText } from '../../key-text.ts'
import { isLoopbackHttp } from '../../token-url.ts'
import {
  blocked,
  type DoctorContext,
  defineCheck,
  type Finding,
  type Identity,
  type Problem,
} from '../check.ts'
import { wordsOf } from '../error-words.ts'
import { misspeltVariables } from '../misspelt-variables.ts'
import { shadowed, whence } from '../whence.ts'

export const configuration = defineCheck({
  name: 'configuration',
  proves: 'tenant, client id and certificate are named, each value in a form that can be used',
  needs: [],
  async run(_, context): Promise<Finding> {
    const { io, values } = context
    try {
      const settings = resolveSettings(values, io)
      const incomplete = missing(settings, context)
      if (incomplete !== undefined) return incomplete
      const identity = await identify(settings)
      if ('message' in identity) return blocked(identity.message, identity.hints)
      const problems = [...overridden(settings), ...secretBeside(context), ...misspelt(context)]
      return { proof: proofOf(settings), problems, facts: { settings, identity } }
    } catch (error) {
      const { message, hints } = wordsOf(error)
      return blocked(message, hints)
    }
  },
})

const secretVariables = ['AZURE_CLIENT_SECRET', 'X5T_CLIENT_SECRET', 'CLIENT_SECRET']

function missing(settings: Settings, { io, values }: DoctorContext): Finding | undefined {
  const required = ['tenant', 'clientId', 'certificate'] as const
  const hasKeyText = values['key-fd'] !== undefined || readKeyText({ 'key-fd': undefined }, io) !== undefined
  const absent = required.filter(
    (name) => settings.values[name] === undefined && !(name === 'certificate' && hasKeyText),
  )
  if (absent.length === 0) return undefined
  const variables = readVariables(io)
  const secret = secretVariables.find((name) => variables[name] !== undefined)
  if (secret !== undefined && absent.includes('certificate')) {
    return blocked(`${secret} gives a client secret, and no certificate is configured`, [
      `make a certificate and configure it: ${initCommand(settings)}`,
    ])
  }
  const options = absent.map((name) => `--${settingDefinitions[name].option}`).join(', ')
  return blocked(`not configured: ${absent.join(', ')}`, [
    ...misspeltVariables(variables).map(didYouMean),
    ...howToComplete(settings, absent),
    `or say them: ${options}`,
  ])
}

/** The values as they are used, or what keeps one from being used. */
async function identify(settings: Settings): Promise<Identity | Omit<Problem, 'severity'>> {
  const { tenant, clientId, authority, scope } = settings.values
  const { parseAuthority } = await import('x5t')
  try {
    const address = authority?.value ?? settingDefaults.authority
    const parsed = parseAuthority({
      tenant: tenant?.value ?? '',
      authority: address,
      allowHttpAuthority: isLoopbackHttp(address),
    })
    const id = clientId?.value ?? ''
    if (parsed.tenant !== 'adfs' && !isGuid(id)) {
      return { message: `client id "${id}" is no GUID`, hints: [from(settings, 'clientId')] }
    }
    if (id.toLowerCase() === parsed.tenant) {
      return {
        message: 'client id and tenant are the same GUID; one of them stands in the place of the other',
        hints: [from(settings, 'clientId'), from(settings, 'tenant')],
      }
    }
    const asked = scope?.value ?? settingDefaults.scope
    return { tenant: parsed.tenant, clientId: id, authority: new URL(parsed.origin), scope: asked }
  } catch (error) {
    const { code, message, hints } = wordsOf(error)
    const name = code === 'ERR_TENANT_INVALID' ? 'tenant' : 'authority'
    return { message, hints: [from(settings, name), ...hints] }
  }
}

function from(settings: Settings, name: SettingName): string {
  return `${name} is from ${whence(settings, name)}`
}

/** Two places that disagree: mostly one of them is forgotten. An option is meant to, and so is a profile that one names. */
function overridden(settings: Settings): Problem[] {
  const names = ['tenant', 'clientId', 'certificate', 'authority'] as const
  const meant = (source: Setting['source']) =>
    source === 'option' || (source === 'file' && settings.profile.source === 'option')
  return names.flatMap((name) => {
    const setting = settings.values[name]
    const [other] = shadowed(settings, name)
    if (setting === undefined || other === undefined || meant(setting.source)) return []
    return {
      severity: 'warning',
      message: `${name} has two values: ${setting.from} goes before ${other.from} ("${setting.value}", not "${other.value}")`,
      hints: [
        'take one of them away, or choose with --profile',
        'x5t config show says what is known and from where',
      ],
    } as const
  })
}

/** Azure SDKs: EnvironmentCredential takes a secret before a certificate. */
function secretBeside({ io }: DoctorContext): Problem[] {
  const variables = readVariables(io)
  if (variables.AZURE_CLIENT_SECRET === undefined) return []
  return [
    {
      severity: 'warning',
      message:
        'AZURE_CLIENT_SECRET is set too; x5t ignores it, and the Azure SDKs use it instead of the certificate',
      hints: ['unset AZURE_CLIENT_SECRET'],
    },
  ]
}

function misspelt({ io }: DoctorContext): Problem[] {
  return misspeltVariables(readVariables(io)).map((found) => ({
    severity: 'warning',
    message: `nothing reads ${found.name}`,
    hints: [didYouMean(found)],
  }))
}

function didYouMean({ name, near }: { name: string; near: string }): string {
  return `did you mean ${near}, where it says ${name}`
}

function proofOf({ values, profile }: Settings): string {
  const rows = settingNames.flatMap((name) => {
    const setting = values[name]
    return setting === undefined ? [] : [`${name.padEnd(11)} ${setting.value} (${setting.from})`]
  })
  return [`profile ${profile.value} (${profile.from})`, ...rows].join('\n')
}
