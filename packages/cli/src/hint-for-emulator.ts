import { HintedError } from './cli-error.ts'
import type { Settings } from './config/resolve-settings.ts'
import { startCommand } from './emulator/start-command.ts'
import { isErrno } from './errno.ts'
import type { Io } from './io.ts'
import { nearPath } from './near-path.ts'
import { shellWord } from './shell-word.ts'
import { isLoopback } from './token-url.ts'

/** The error of an emulator that does not run, or does not know the certificate, with the command that mends it; any other as it is. */
export function hintForEmulator(error: unknown, { values }: Pick<Settings, 'values'>, io: Io): unknown {
  const { authority, certificate, clientId } = values
  if (authority === undefined || !isLoopback(new URL(authority.value))) return error
  const url = new URL(authority.value)
  if (isRefused(error, url)) return new HintedError(error, [`start the emulator: ${startCommand(url)}`])
  if (!isNotFound(error)) return error
  const file = nearPath(certificate?.value ?? 'certificate.pem', io.folder)
  const { origin } = url
  return new HintedError(error, [
    `for the emulator: x5t emulator cert add ${shellWord(file)} --app ${clientId?.value} --url ${origin}`,
    `where it is registered already, weather may keep it back: x5t emulator weather list --url ${origin}`,
  ])
}

/** Nothing listens there. An API on this machine that is called may be what refused. */
function isRefused(error: unknown, { host }: URL): boolean {
  if (!(error instanceof Error) || !isErrno(error.cause, 'ECONNREFUSED')) return false
  return error.message.startsWith(`no answer from ${host}:`)
}

/** Of a key that was found and has expired, AADSTS700027 is said too; to register it again is no help. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error) || !('errorDescription' in error)) return false
  return /AADSTS700027.*The key was not found/.test(String(error.errorDescription))
}
