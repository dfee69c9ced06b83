import { describeDirectory } from '../directory/describe.ts'
import { jsonResponse } from '../http/exchange.ts'
import { readBody } from '../http/read-body.ts'
import { ControlError } from './control-error.ts'
import type { EmulatorContext, Route } from './route.ts'

/** The emulator's own routes, which Entra has not: health, state, and changes to the directory. */
export const controlRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/_emulator/healthz',
    answer: ({ var: { exchange } }) => jsonResponse(exchange, { status: 'ok' }),
  },
  {
    method: 'GET',
    path: '/_emulator/state',
    answer: ({ var: { exchange } }, { directory }) => jsonResponse(exchange, describeDirectory(directory)),
  },
  {
    method: 'POST',
    path: '/_emulator/apps',
    async answer(context, { control }) {
      return created(context, control.addApp(await readChange(context)))
    },
  },
  {
    method: 'POST',
    path: '/_emulator/apps/:appId/certificates',
    async answer(context, { control }) {
      const appId = context.req.param('appId')
      return created(context, control.addCertificate({ ...(await readChange(context)), appId }))
    },
  },
  {
    method: 'DELETE',
    path: '/_emulator/apps/:appId/certificates/:keyId',
    answer(context, { control }) {
      refuseForeignOrigin(context)
      control.removeCertificate(context.req.param())
      return new Response(null, { status: 204 })
    },
  },
  {
    method: 'POST',
    path: '/_emulator/apps/:appId/roles',
    async answer(context, { control }) {
      const grant = await readChange(context)
      control.grantRole({ ...grant, clientAppId: context.req.param('appId') })
      return created(context, grant)
    },
  },
  {
    method: 'DELETE',
    path: '/_emulator/apps/:appId',
    answer(context, { control }) {
      refuseForeignOrigin(context)
      control.removeApp(context.req.param())
      return new Response(null, { status: 204 })
    },
  },
  {
    method: 'GET',
    path: '/_emulator/export',
    answer: ({ var: { exchange } }, { control }) => jsonResponse(exchange, control.exportSeed()),
  },
  {
    method: 'POST',
    path: '/_emulator/import',
    async answer(context, { control }) {
      control.importSeed(await readChange(context, importLimit))
      return new Response(null, { status: 204 })
    },
  },
  {
    method: 'POST',
    path: '/_emulator/reset',
    answer(context, { control }) {
      refuseForeignOrigin(context)
      control.reset()
      return new Response(null, { status: 204 })
    },
  },
  {
    method: 'POST',
    path: '/_emulator/signing-keys/roll',
    async answer(context, { signingKeys }) {
      refuseForeignOrigin(context)
      const { kid } = await signingKeys.roll()
      return jsonResponse(context.var.exchange, { kid })
    },
  },
]

/** Bytes. */
const bodyLimit = 262_144

/** Bytes: some ten thousand apps. */
const importLimit = 33_554_432

const created = ({ var: { exchange } }: EmulatorContext, body: object): Response =>
  jsonResponse(exchange, body, { status: 201 })

/** The JSON object in the body of a write. */
async function readChange(context: EmulatorContext, limit = bodyLimit): Promise<object> {
  refuseForeignOrigin(context)
  if (!/^application\/json *(;|$)/i.test(context.req.header('content-type') ?? ''))
    throw new ControlError(415, 'UnsupportedMediaType', 'send application/json')
  const body = await readBody(context.req.raw, limit)
  if (body === undefined) throw new ControlError(413, 'PayloadTooLarge', `body is longer than ${limit} bytes`)
  const change = parsed(body)
  if (change === undefined) throw new ControlError(400, 'BadRequest', 'the body is no JSON object')
  return change
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A page of another site must not change the directory behind its reader's back; a page of ours may. */
function refuseForeignOrigin({ req, var: { exchange } }: EmulatorContext): void {
  const origin = req.header('origin')
  if (origin !== undefined && origin !== exchange.origin)
    throw new ControlError(403, 'Forbidden', `writes from origin ${origin} are refused`)
}
