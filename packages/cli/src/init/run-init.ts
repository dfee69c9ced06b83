import type { Certificate } from 'x5t'
import { CliError, HintedError, UsageError } from '../cli-error.ts'
import { readCa } from '../client.ts'
import type { Context } from '../command.ts'
import { resolveSettings, type Settings } from '../config/resolve-settings.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { decidePassphrase, type UnencryptedValues } from '../new-passphrase.ts'
import { type PassphraseValues, readPassphrase } from '../passphrase.ts'
import { shellWord } from '../shell-word.ts'
import { sayIfSlow } from '../slow-work.ts'
import { readStdin } from '../text-input.ts'
import { isLoopback } from '../token-url.ts'
import { howToUpload } from './how-to-upload.ts'
import { keepFromGit } from './keep-from-git.ts'
import { type InitPlan, type InitValues, planInit } from './plan.ts'
import { graphOf, registerByGraph } from './register-by-graph.ts'
import { assertEmulatorRuns, registerWithEmulator } from './register-with-emulator.ts'
import { writePlan, writeScope } from './write-plan.ts'

/** What `x5t init` is told. */
export interface RunInitValues extends InitValues, PassphraseValues, UnencryptedValues {
  readonly bits: '2048' | '3072' | '4096'
  readonly days: number
  readonly 'admin-token-stdin': boolean
}

/** From nothing to a key, a certificate, a profile, and a certificate that is registered or a way to register it. */
export async function runInit(
  { bits, days, 'admin-token-stdin': withAdminToken, ...values }: RunInitValues,
  context: Context,
): Promise<ExitCode> {
  const { io, terminal, ask } = context
  const plan = await planInit(values, context)
  if (withAdminToken) assertGraphIsMeant(plan)
  const adminToken = withAdminToken ? await readAdminToken(context) : undefined
  if (adminToken === undefined && isLoopback(new URL(plan.authority))) await assertEmulatorRuns(plan)
  const given = values.insecure ? undefined : await readPassphrase(values, context)
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

  const used = settingsInUse(io)
  const isUsed = used === undefined || used.values.certificate?.value === plan.certificatePath
  if (!isUsed) for (const line of whatIsUsed(plan, used)) terminal.note(line)
  const named = plan.profile === 'default' && isUsed ? '' : ` --profile ${plan.profile}`
  const registered = await register(plan, certificate, adminToken, context)
  if (!registered) for (const line of howToUploadTo(plan)) terminal.note(line)
  terminal.note(`next: x5t token${named}${registered && adminToken === undefined ? '' : ' --wait 5m'}`)
  return 0
}

/** What a command that is told no profile takes. */
function settingsInUse(io: Io): Settings | undefined {
  try {
    return resolveSettings({}, io)
  } catch {
    return undefined // the next command says what is wrong with the settings; what was asked for here is done
  }
}

/** In place of the new certificate: another profile's, or that of a `.env` in the folder, say. */
function whatIsUsed({ profile, target }: InitPlan, used: Settings): string[] {
  const { certificate } = used.values
  const isOther = used.profile.value !== profile
  const project = target.kind === 'project' ? ' --project' : ''
  const before = certificate !== undefined && !(isOther && certificate.source === 'file')
  return [
    ...(isOther
      ? [
          `profile ${used.profile.value} stays in use; to use the new one: x5t config use ${profile}${project}`,
        ]
      : []),
    ...(before
      ? [`${certificate.from} goes before the new certificate; x5t config show says what is used`]
      : []),
  ]
}

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
        fetch: await graphFetch(plan, io),
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

/** An administrator's token goes to Microsoft, to this machine, or where an option says: a `.env` may be anybody's. */
function assertGraphIsMeant({ authority, authorityFrom }: InitPlan): void {
  const url = new URL(authority)
  if (authorityFrom === undefined || graphOf(url) !== url.origin || isLoopback(url)) return
  throw new CliError('ERR_CONFIG_INVALID', `${authorityFrom} names ${authority}, which is no known cloud`, {
    hints: [`nothing was written or sent; if the admin token may go there: --authority ${authority}`],
  })
}

/** Through the proxy, and trusting the CA, that tokens are asked with. */
async function graphFetch({ ca }: InitPlan, { env }: Io): Promise<typeof globalThis.fetch> {
  const { createFetch } = await import('x5t')
  return createFetch({ ca: readCa({ values: { ca } }), environment: env })
}

function howToUploadTo({ authority, clientId, certificatePath }: InitPlan): readonly string[] {
  const url = new URL(authority)
  return isLoopback(url)
    ? [
        `register it: x5t emulator cert add ${shellWord(certificatePath)} --app ${clientId} --url ${authority}`,
      ]
    : howToUpload(url, clientId, certificatePath)
}

const maxTokenBytes = 65_536

async function readAdminToken({ io }: Context): Promise<string> {
  if (io.stdin.isTTY) {
    throw new UsageError(
      ['--admin-token-stdin reads a token from a pipe, and there is none'],
      [
        'az account get-access-token --resource-type ms-graph --query accessToken -o tsv | x5t init --admin-token-stdin …',
      ],
    )
  }
  const { bytes, whole } = await readStdin(io, maxTokenBytes)
  const token = bytes
    .toString('utf8')
    .trim()
    .replace(/^Bearer\s+/i, '')
  if (whole && /^[\w.~+/=-]+$/.test(token)) return token
  throw new CliError('ERR_CONFIG_INVALID', 'what came on standard input is no access token')
}
