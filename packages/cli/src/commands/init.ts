import { text } from 'node:stream/consumers'
import type { Certificate } from 'x5t'
import { CliError, HintedError, UsageError } from '../cli-error.ts'
import { readCa } from '../client.ts'
import { type Context, defineCommand } from '../command.ts'
import { projectOption } from '../config/project-option.ts'
import { scopeOption, settingsOptions } from '../config/resolve-settings.ts'
import { howToUpload } from '../init/how-to-upload.ts'
import { keepFromGit } from '../init/keep-from-git.ts'
import { type InitPlan, planInit } from '../init/plan.ts'
import { graphOf, registerByGraph } from '../init/register-by-graph.ts'
import { registerWithEmulator } from '../init/register-with-emulator.ts'
import { writePlan, writeScope } from '../init/write-plan.ts'
import type { Io } from '../io.ts'
import { createFetch } from '../network/fetch.ts'
import { trustWith } from '../network/trust.ts'
import { checkUnencrypted, decidePassphrase, unencryptedOptions } from '../new-passphrase.ts'
import { checkPassphrase, passphraseOptions, readPassphrase, sourcesNamed } from '../passphrase.ts'
import { sayIfSlow } from '../slow-work.ts'
import { isLoopback } from '../token-url.ts'

export const init = defineCommand({
  summary: 'Make a key, a certificate and a configuration, and register the certificate or say how',
  details:
    'Asks for what is missing, on a terminal. The key pair goes into the data folder, or with --project into .x5t beside\n' +
    'x5t.json; inside a git work tree it is ignored first. With a token of an administrator on standard input, or at a\n' +
    'running emulator, the certificate is registered at once; others of the app stay.',
  examples: [
    'x5t init',
    'x5t init --emulator --unencrypted-key --insecure',
    'x5t init --tenant contoso.onmicrosoft.com --client-id 6731de76-… --passphrase-file passphrase.txt',
    'az account get-access-token --resource-type ms-graph --query accessToken -o tsv | x5t init --admin-token-stdin …',
  ],
  options: {
    profile: { type: 'string', value: 'NAME', description: 'name of the new profile', default: 'default' },
    tenant: settingsOptions.tenant,
    'client-id': settingsOptions['client-id'],
    emulator: { type: 'boolean', description: 'for the emulator that runs on this machine' },
    authority: settingsOptions.authority,
    scope: scopeOption,
    ca: settingsOptions.ca,
    bits: {
      type: 'string',
      value: 'N',
      choices: ['2048', '3072', '4096'],
      default: '2048',
      description: 'size of the RSA key',
    },
    days: {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 398,
      default: 365,
      description: 'how long the certificate is valid',
    },
    'admin-token-stdin': {
      type: 'boolean',
      description: 'register by Microsoft Graph with the access token on standard input',
    },
    project: projectOption,
    ...unencryptedOptions,
    force: { type: 'boolean', description: 'replace the profile and its key' },
    ...passphraseOptions,
  },
  check: ({ 'admin-token-stdin': adminToken, ...values }) => [
    ...checkPassphrase(values),
    ...checkUnencrypted(values),
    ...(values.insecure && sourcesNamed(values) > 0
      ? ['--unencrypted-key and a passphrase exclude each other']
      : []),
    ...(adminToken && values['passphrase-stdin']
      ? ['--admin-token-stdin and --passphrase-stdin both read standard input']
      : []),
  ],
  async run({ bits, days, 'admin-token-stdin': withAdminToken, ...values }, context) {
    const { io, terminal, ask } = context
    const plan = await planInit(values, context)
    const adminToken = withAdminToken ? await readAdminToken(context) : undefined
    const given = values.insecure ? undefined : await readPassphrase(values, io)
    const passphrase = await decidePassphrase(given, values, ask)
    const ignore = await keepFromGit(plan.folder, plan.keyPath)

    const { generateCertificate, loadCertificate } = await import('x5t')
    const pair = await sayIfSlow(
      terminal,
      `making an RSA key of ${bits} bits`,
      generateCertificate({
        commonName: plan.profile === 'default' ? 'x5t' : plan.profile,
        bits: bits === '4096' ? 4096 : bits === '3072' ? 3072 : 2048,
        days,
        passphrase,
        now: io.now,
      }),
    )
    const certificate = await loadCertificate({ pem: pair.certificatePem })
    await writePlan(plan, pair, values.force, io)
    const until = new Date(certificate.notAfter).toISOString().slice(0, 10)
    terminal.out(`wrote ${plan.keyPath} (0600), ${plan.certificatePath}, valid until ${until}`)
    terminal.out(`wrote ${plan.target.path}: profile ${plan.profile}`)
    if (ignore !== undefined) terminal.out(`wrote ${ignore}: git ignores the folder`)
    terminal.note(`thumbprint ${certificate.thumbprintSha1Hex}, as the portal shows it`)

    const named = plan.profile === 'default' ? '' : ` --profile ${plan.profile}`
    const registered = await register(plan, certificate, adminToken, context)
    if (!registered) for (const line of howToUploadTo(plan)) terminal.note(line)
    terminal.note(`next: x5t token${named}${registered && adminToken === undefined ? '' : ' --wait 5m'}`)
    return 0
  },
})

/** @returns False where nobody can register it but a person. */
async function register(
  plan: InitPlan,
  certificate: Certificate,
  adminToken: string | undefined,
  { io, terminal }: Context,
): Promise<boolean> {
  const authority = new URL(plan.authority)
  try {
    if (adminToken !== undefined) {
      const { clientId } = plan
      const registration = {
        graph: graphOf(authority),
        clientId,
        adminToken,
        certificate,
        fetch: graphFetch(plan, io),
      }
      terminal.note(
        `registered with app ${clientId} by Microsoft Graph, key id ${await registerByGraph(registration)}`,
      )
      return true
    }
    if (!isLoopback(authority)) return false
    const { keyId, scope } = await registerWithEmulator(plan, certificate)
    if (plan.scope === undefined && scope !== undefined) await writeScope(plan, scope)
    terminal.note(`registered with app ${plan.clientId} of the emulator, key id ${keyId}`)
    return true
  } catch (error) {
    throw new HintedError(error, [
      'key, certificate and configuration are written, the certificate is not registered',
      ...howToUploadTo(plan).map((line) => line.trim()),
    ])
  }
}

/** Through the proxy, and trusting the CA, that tokens are asked with. */
function graphFetch({ ca }: InitPlan, { env }: Io): typeof globalThis.fetch {
  const secureContext = trustWith(readCa({ values: { ca } }), env.NODE_EXTRA_CA_CERTS)
  return createFetch({ secureContext, environment: env, connectMs: 10_000, silenceMs: 30_000 })
}

function howToUploadTo({ authority, clientId, certificatePath }: InitPlan): readonly string[] {
  const url = new URL(authority)
  return isLoopback(url)
    ? [`register it: x5t emulator cert add ${certificatePath} --app ${clientId} --url ${authority}`]
    : howToUpload(url, clientId, certificatePath)
}

async function readAdminToken({ io }: Context): Promise<string> {
  if (io.stdin.isTTY) {
    throw new UsageError(
      ['--admin-token-stdin reads a token from a pipe, and there is none'],
      [
        'az account get-access-token --resource-type ms-graph --query accessToken -o tsv | x5t init --admin-token-stdin …',
      ],
    )
  }
  const token = (await text(io.stdin)).trim().replace(/^Bearer\s+/i, '')
  if (/^[\w.~+/=-]{1,65536}$/.test(token)) return token
  throw new CliError('ERR_CONFIG_INVALID', 'what came on standard input is no access token')
}
