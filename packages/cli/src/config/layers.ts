import { join, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import { configName, readNodeConfigIfAny } from '../node-config.ts'
import { parseTokenUrl } from '../token-url.ts'
import { keyPaths } from '../workflow.ts'
import { type ConfigFile, holdsKey, profileSettings } from './config-file.ts'
import {
  type Layer,
  type Setting,
  type SettingName,
  settingDefinitions,
  settingNames,
} from './definitions.ts'
import { looksLikeSecret } from './secret-like.ts'
import { environmentOf, readEnvFile, type Variables } from './variables.ts'

/** What the options say; their names are the definitions'. */
export type OptionValues = Readonly<
  Partial<Record<(typeof settingDefinitions)[SettingName]['option'], string | undefined>>
>

export function optionLayer(values: OptionValues, io: Io): Layer {
  return layerOf((name) => {
    const { option } = settingDefinitions[name]
    return { value: values[option], from: `--${option}`, source: 'option' }
  }, io)
}

/** The environment of the process before `.env`; in each, our own names before those of the Azure SDKs. */
export function variableLayers(io: Io): readonly Layer[] {
  const environment = environmentOf(io)
  const file = readEnvFile(io)
  return [
    namedVariables(environment, '', 0, io),
    namedVariables(environment, '', 1, io),
    namedVariables(file, ' in .env', 0, io),
    namedVariables(file, ' in .env', 1, io),
    caLayer(io),
    workflowLayer(environment, file, io),
  ]
}

/** Node reads `NODE_EXTRA_CA_CERTS` of the environment when it starts, and never that of `.env`. */
export function caLayer(io: Io): Layer {
  const { NODE_EXTRA_CA_CERTS } = readEnvFile(io)
  const from = 'NODE_EXTRA_CA_CERTS in .env'
  return layerOf((name) => fromVariable(name === 'ca' ? NODE_EXTRA_CA_CERTS : undefined, from), io)
}

function namedVariables(variables: Variables, where: string, index: 0 | 1, io: Io): Layer {
  return layerOf((name) => {
    const variable: string | undefined = settingDefinitions[name].variables[index]
    return fromVariable(variable === undefined ? undefined : variables[variable], `${variable}${where}`)
  }, io)
}

/**
 * The variables of the original workflow. Their names are common words, so they count together or not at all: where
 * APP_ID and TENANT_URL are both set.
 */
function workflowLayer(environment: Variables, file: Variables, io: Io): Layer {
  const variables = { ...file, ...environment }
  const { APP_ID, TENANT_URL, RESOURCE = APP_ID } = variables
  if (APP_ID === undefined || TENANT_URL === undefined) return {}
  const { tenant, authority } = parseTokenUrl(TENANT_URL, 'TENANT_URL')
  const { privateKey, publicKey } = keyPaths(variables)
  const values: Record<SettingName, [value: string, variable: string]> = {
    tenant: [tenant, 'TENANT_URL'],
    clientId: [APP_ID, 'APP_ID'],
    certificate: [publicKey, 'PUBLIC_KEY'],
    key: [privateKey, 'PRIVATE_KEY'],
    authority: [authority, 'TENANT_URL'],
    scope: [`${RESOURCE}/.default`, variables.RESOURCE === undefined ? 'APP_ID' : 'RESOURCE'],
    ca: ['', ''],
  }
  return layerOf((name) => {
    const [value, variable] = values[name]
    return fromVariable(value, environment[variable] === undefined ? `${variable} in .env` : variable)
  }, io)
}

/** `nodeconfig.json` of the working folder, where there is one. */
export function nodeConfigLayer(io: Io): Layer {
  const config = readNodeConfigIfAny(io)
  if (config === undefined) return {}
  const { tenant, authority } = parseTokenUrl(config.tokenEndpoint, `tokenEndpoint in ${configName}`)
  const { appId: clientId, resource, publicKey: certificate, privateKey: key } = config
  const values: Partial<Record<SettingName, string>> = {
    tenant,
    clientId,
    certificate,
    key,
    authority,
    scope: `${resource}/.default`,
  }
  return layerOf((name) => ({ value: values[name], from: join(io.folder, configName), source: 'file' }), io)
}

export function fileLayer(file: ConfigFile, profile: string, io: Io): Layer {
  const settings = profileSettings(file, profile)
  const from = (name: SettingName) => `${name} of profile ${profile} in ${file.path}`
  return layerOf((name) => ({ value: settings[name], from: from(name), source: 'file' }), io)
}

function fromVariable(value: string | undefined, from: string): Unread {
  return { value, from, source: 'environment' }
}

type Unread = Omit<Setting, 'value'> & { readonly value: string | undefined }

function layerOf(find: (name: SettingName) => Unread, io: Io): Layer {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const { value, ...found } = find(name)
      return value === undefined || value === ''
        ? []
        : [[name, { ...found, value: read(name, value, found.from, io) }]]
    }),
  )
}

function read(name: SettingName, value: string, from: string, io: Io): string {
  const { kind } = settingDefinitions[name]
  if (kind === 'text') return value
  if (holdsKey(value)) {
    throw new CliError(
      'ERR_CONFIG_INVALID',
      `${from} holds a key or certificate where the path of one belongs`,
      {
        hints: ['a key itself goes into X5T_KEY, or comes by --key-fd'],
      },
    )
  }
  if (kind === 'path' && looksLikeSecret(value)) {
    const message = `${from} holds what looks like a client secret where the path of a certificate or key belongs`
    throw new CliError('ERR_CONFIG_INVALID', message, {
      hints: [
        'make a certificate and configure it: x5t init',
        'the value is not shown; take the secret out of there',
      ],
    })
  }
  if (kind === 'path') return resolve(io.folder, value)
  // AZURE_AUTHORITY_HOST is often a bare host, and often ends with a slash.
  const address = (value.includes('://') ? value : `https://${value}`).replace(/\/+$/, '')
  if (/^https?:/i.test(address) && URL.canParse(address)) return address
  throw new CliError('ERR_CONFIG_INVALID', `${from} is no address`, {
    hints: ['write it as https://login.microsoftonline.com'],
  })
}
