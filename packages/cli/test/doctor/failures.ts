import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  clients,
  configured,
  emulator,
  init,
  ofConfiguration,
  ofFile,
  ofKey,
  token,
  verify,
} from './command-lines.ts'
import type { World } from './world.ts'

/** What goes wrong, and every command line that meets it. */
export interface Failure {
  readonly what: string
  readonly code: string
  /** As `x5t help exit-codes` has it. */
  readonly exitCode: number
  /** Breaks a working folder whose `x5t.json` names what works; returns what is different about the process. */
  arrange?(world: World): Promise<Surroundings> | Surroundings
  /** Words of the command line; `@` stands for what `arrange` returned. */
  readonly meets: readonly string[]
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: () => Readable & { readonly isTTY?: boolean }
  readonly input?: string
  readonly url?: string
}

export const failures: readonly Failure[] = [
  {
    what: 'a word is no command, no value, no setting',
    code: 'ERR_USAGE',
    exitCode: 2,
    meets: [
      'help nothing',
      'cert',
      'emulator clok',
      'completion zhs',
      'config set colour blue',
      'token --output jso',
      'cert due --within soon',
      'explain nothing with a number',
    ],
  },
  {
    what: 'a question may not be asked',
    code: 'ERR_USAGE',
    exitCode: 2,
    meets: ['init', init, 'cert new --name n', 'cert export --out k.pfx --cert good.crt --key good.key'],
  },
  {
    what: 'a person sits where a pipe belongs',
    code: 'ERR_USAGE',
    exitCode: 2,
    arrange: () => ({ stdin: () => Object.assign(Readable.from([]), { isTTY: true }) }),
    meets: [
      'decode',
      'verify --any-client --audience x',
      'explain',
      `${init} --unencrypted-key --insecure --admin-token-stdin`,
    ],
  },
  {
    what: 'standard input is a folder',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange: () => ({ stdin: () => createReadStream('.') }),
    meets: [
      'decode',
      'verify --any-client --audience x',
      'explain -',
      `${token} --passphrase-stdin`,
      'cert new --name n --passphrase-stdin',
      `${init} --unencrypted-key --insecure --admin-token-stdin`,
    ],
  },
  {
    what: 'the configuration is not JSON',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange: writing('x5t.json', '{ "profiles": { "default": { "tenant": "a.com", } } }'),
    meets: [...configured, 'config list', 'config set tenant b.com --project', 'config use default'],
  },
  {
    what: 'X5T_CONFIG names a file that is not there',
    code: 'ERR_CONFIG_MISSING',
    exitCode: 3,
    arrange: () => ({ env: { X5T_CONFIG: 'gone.json' } }),
    meets: [...configured, 'config list', 'config use default'],
  },
  {
    what: '.env is a folder',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange({ stage }) {
      mkdirSync(join(stage.folder, '.env'))
      return {}
    },
    meets: [...configured, init, 'createKeys', 'createConfig'],
  },
  {
    what: 'nodeconfig.json is not JSON',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange({ stage }) {
      rmSync(join(stage.folder, 'x5t.json'))
      stage.write('nodeconfig.json', '{')
      return {}
    },
    meets: ['connectToAzure', ...configured],
  },
  {
    what: 'the profile is not there',
    code: 'ERR_CONFIG_MISSING',
    exitCode: 3,
    arrange: () => ({ env: { X5T_PROFILE: 'nobody' } }),
    meets: [...configured, 'config use nobody'],
  },
  {
    what: 'nothing is configured',
    code: 'ERR_CONFIG_MISSING',
    exitCode: 3,
    arrange({ stage }) {
      rmSync(join(stage.folder, 'x5t.json'))
      return {}
    },
    meets: [...clients, verify, ...ofConfiguration, ...emulator, 'createConfig', 'connectToAzure'],
  },
  {
    what: 'the tenant is none',
    code: 'ERR_TENANT_INVALID',
    exitCode: 3,
    arrange: (world) => configure(world, { tenant: 'Contoso Ltd' }),
    meets: [
      ...clients,
      verify,
      `${init.replace('contoso.com', 'Contoso_Ltd')}`,
      'config set tenant Contoso_Ltd',
    ],
  },
  {
    what: 'the authority is plain http',
    code: 'ERR_AUTHORITY_INVALID',
    exitCode: 3,
    arrange: (world) => configure(world, { authority: 'http://login.microsoftonline.com' }),
    meets: [...clients, verify],
  },
  {
    what: 'the authority is no emulator',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange: (world) => configure(world, { authority: 'https://login.microsoftonline.us' }),
    meets: emulator,
  },
  {
    what: 'the certificate is not there',
    code: 'ERR_FILE_MISSING',
    exitCode: 3,
    arrange: (world) => configure(world, { certificate: 'gone.crt' }),
    meets: [...ofFile, 'emulator cert add gone.crt', 'cert convert gone.crt --out c.cer --to cer'],
  },
  {
    what: 'the certificate is a folder',
    code: 'ERR_FILE_IS_DIRECTORY',
    exitCode: 3,
    arrange(world) {
      mkdirSync(join(world.stage.folder, 'folder'))
      return configure(world, { certificate: 'folder' })
    },
    meets: [...ofFile, 'emulator cert add folder', 'cert convert folder --out c.cer --to cer'],
  },
  {
    what: 'the certificate is something else',
    code: 'ERR_INPUT_UNKNOWN',
    exitCode: 3,
    arrange: writing('good.crt', 'hello\n'),
    meets: [...ofFile, 'emulator cert add good.crt', 'cert convert good.crt --out c.cer --to cer'],
  },
  {
    what: 'the certificate is longer than any',
    code: 'ERR_FILE_TOO_LARGE',
    exitCode: 3,
    arrange: writing('good.crt', ' '.repeat(1_100_000)),
    meets: [...ofFile, 'emulator cert add good.crt', 'cert convert good.crt --out c.cer --to cer'],
  },
  {
    what: 'the key is of another certificate',
    code: 'ERR_CERT_KEY_MISMATCH',
    exitCode: 3,
    arrange: (world) => configure(world, { key: 'other.key' }),
    meets: ofKey,
  },
  {
    what: 'the key is no RSA key',
    code: 'ERR_KEY_UNSUPPORTED',
    exitCode: 3,
    arrange({ stage, ecKeyPem }) {
      stage.write('good.key', ecKeyPem())
      return {}
    },
    meets: ofKey,
  },
  {
    what: 'the key is locked',
    code: 'ERR_PASSPHRASE_MISSING',
    exitCode: 3,
    arrange: (world) => configure(world, { key: 'sealed.key' }),
    meets: ofKey,
  },
  {
    what: 'the passphrase is wrong',
    code: 'ERR_PASSPHRASE_WRONG',
    exitCode: 3,
    arrange(world) {
      configure(world, { key: 'sealed.key' })
      return { env: { X5T_PASSPHRASE: 'geheim' } }
    },
    meets: ofKey,
  },
  {
    what: 'no passphrase is where it should be',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange: () => ({ input: '' }),
    meets: [
      ...ofKey.map((line) => `${line} --passphrase-file gone`),
      `${token} --passphrase-stdin`,
      `${token} --passphrase-fd 255`,
      `${token} --key-fd 255`,
      'cert new --name n --passphrase-file gone',
      `${init} --passphrase-file gone`,
    ],
  },
  {
    what: 'what is read does not end',
    code: 'ERR_CONFIG_INVALID',
    exitCode: 3,
    arrange(world) {
      for (const name of ['endless.pem', 'endless.txt']) world.stage.write(name, ' '.repeat(1_100_000))
      return configure(world, { ca: 'endless.pem' })
    },
    meets: [...clients, verify, ...emulator, 'cert new --name n --passphrase-file endless.txt'],
  },
  {
    what: 'the file is there already',
    code: 'ERR_FILE_EXISTS',
    exitCode: 3,
    arrange: writing('private.pem', ''),
    meets: [
      'cert new --name good --unencrypted-key --insecure',
      'cert convert good.crt --out other.crt --to cer',
      'cert export --out other.key --unencrypted-key --insecure',
      'createKeys',
      `${init} --project --unencrypted-key --insecure`,
    ],
  },
  {
    what: 'the folder is not there, or none',
    code: 'ERR_FILE_UNWRITABLE',
    exitCode: 3,
    arrange({ stage }) {
      writeFileSync(stage.env.XDG_CONFIG_HOME, '')
      return {}
    },
    meets: [
      'config set tenant a.com',
      'cert convert good.crt --out gone/c.cer --to cer',
      'cert export --out gone/k.pem --unencrypted-key --insecure',
    ],
  },
]

function writing(name: string, text: string) {
  return ({ stage }: World): Surroundings => {
    stage.write(name, text)
    return {}
  }
}

/** In `x5t.json`, in place of what works. */
export function configure(
  { stage, options }: World,
  different: Readonly<Record<string, string | undefined>>,
): Surroundings {
  const { 'client-id': clientId, cert: certificate, ...others } = options()
  const profile = { ...others, clientId, certificate, ...different }
  stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
  return {}
}
