import { resolve } from 'node:path'
import { UsageError } from '../cli-error.ts'
import { defineCommand } from '../command.ts'
import { clientOptions } from '../config/client-options.ts'
import { resolveSettings } from '../config/resolve-settings.ts'
import { checkPassphrase } from '../passphrase.ts'
import { rememberOptions } from '../remembered-tokens.ts'
import { isLoopbackHttp } from '../token-url.ts'
import { refuseExisting } from '../write-file.ts'

export const call = defineCommand({
  summary: 'Call an API with a token for it, as curl would',
  details:
    'The token is for the service behind the host, or for --scope; stderr says which. Redirects to another host are\n' +
    'followed without the token, and only to read. A refusal of the API is exit code 4, its error is in the message.\n' +
    'A token of an emulator on loopback goes to another host only with --scope. A remembered token that is refused\n' +
    '(401, 403) gives way to a new one, and the request is sent once more.\n' +
    'Reading waits where the API says how long. Bytes go to the terminal only as text; --out FILE takes all.',
  examples: [
    'x5t call https://graph.microsoft.com/v1.0/organization',
    "x5t call 'https://graph.microsoft.com/v1.0/users?$select=id' --paginate --output lines",
    'x5t call https://api.example/cars --scope api://cars/.default -d \'{"make":"tesla"}\'',
    'x5t call https://contoso.blob.core.windows.net/backup/db.tar -H "x-ms-version: 2023-11-03" --out db.tar',
  ],
  options: {
    method: { type: 'string', short: 'X', value: 'METHOD', description: 'default GET, with --data POST' },
    header: {
      type: 'string',
      short: 'H',
      value: '"NAME: VALUE"',
      multiple: true,
      description: 'a header of the request',
    },
    data: {
      type: 'string',
      short: 'd',
      value: 'DATA',
      description: 'the body; @FILE, or @- for standard input',
    },
    paginate: { type: 'boolean', description: 'follow @odata.nextLink and print the items of all pages' },
    'max-pages': {
      type: 'integer',
      value: 'N',
      minimum: 1,
      maximum: 1_000_000,
      default: 1_000,
      description: 'with --paginate: an error beyond',
    },
    output: {
      type: 'string',
      value: 'FORM',
      choices: ['raw', 'json', 'lines'],
      default: 'raw',
      description: 'raw: as it comes; with --paginate one JSON array, or a line for each item',
    },
    include: { type: 'boolean', short: 'i', description: 'status and headers before the body' },
    out: {
      type: 'string',
      value: 'FILE',
      description: 'write the body there (0600); - for standard output, binary too',
    },
    force: { type: 'boolean', description: 'replace the file of --out' },
    scope: { type: 'string', value: 'SCOPE', description: '{resource}/.default: what the token is for' },
    ...rememberOptions,
    ...clientOptions,
  },
  positionals: { url: { description: 'https address; http for loopback alone' } },
  check: ({ url, method, header, data, paginate, output, include, out, ...values }) => [
    ...(isCallable(url)
      ? []
      : ['URL is an https address, or an http one of loopback: a token must not travel in the clear']),
    ...(method === undefined || /^(?!(connect|trace|track)$)[a-z]{1,20}$/i.test(method)
      ? []
      : ['--method takes a word: GET, PATCH']),
    ...header
      .filter((line) => !/^[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*$/.test(line))
      .map(() => '--header takes "Name: value", in letters that a header can carry'),
    ...(header.some((line) =>
      /^(authorization|host|content-length|transfer-encoding|connection)\s*:/i.test(line),
    )
      ? ['Authorization, Host, Content-Length and the like are set by x5t']
      : []),
    ...(paginate && (data !== undefined || (method ?? 'GET').toUpperCase() !== 'GET')
      ? ['--paginate reads: no --method, no --data']
      : []),
    ...(paginate && include ? ['--paginate and --include exclude each other'] : []),
    ...(output === 'lines' && !paginate ? ['--output lines goes with --paginate'] : []),
    ...(data !== undefined && ['GET', 'HEAD'].includes(method?.toUpperCase() ?? '')
      ? [`${method} has no body`]
      : []),
    ...(data === '@-' && values['passphrase-stdin']
      ? ['--data @- and --passphrase-stdin both read standard input']
      : []),
    ...(values.force && (out === undefined || out === '-') ? ['--force goes with --out FILE'] : []),
    ...checkPassphrase(values),
  ],
  async run({ url, out, force, ...values }, context) {
    const { io } = context
    const path = out === undefined || out === '-' ? undefined : resolve(io.folder, out)
    if (path !== undefined && !force) await refuseExisting([path])
    const settings = resolveSettings(values, io)
    const { makeCall } = await import('../call/make-call.ts')
    return makeCall(
      { ...values, url: new URL(url), path, toStdout: out === '-', replace: force },
      settings,
      context,
    )
  },
})

function isCallable(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  if (username !== '' || password !== '')
    throw new UsageError(['the address holds a user or password; the token proves who calls'])
  return protocol === 'https:' || isLoopbackHttp(text)
}
