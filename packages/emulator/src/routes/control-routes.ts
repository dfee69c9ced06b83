import { describeDirectory } from '../directory/describe.ts'
import { jsonResponse } from '../http/exchange.ts'
import { readChange, refuseForeignOrigin } from './change.ts'
import type { EmulatorContext, Route } from './route.ts'

/** The emulator's own routes, which Entra has not: health, state, and changes to the directory. */
export const controlRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/healthz',
    answer: ({ var: { exchange } }) => jsonResponse(exchange, { status: 'ok' }),
  },
  {
    // It listens only once its keys are there, so whoever reaches it finds it ready.
    method: 'GET',
    path: '/readyz',
    answer: ({ var: { exchange } }) => jsonResponse(exchange, { status: 'ready' }),
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

/** Bytes: some ten thousand apps. */
const importLimit = 33_554_432

const created = ({ var: { exchange } }: EmulatorContext, body: object): Response =>
  jsonResponse(exchange, body, { status: 201 })
