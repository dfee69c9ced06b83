import { generateCertificate } from '../certificate/generate-certificate.ts'
import { optional, record, text } from '../directory/definition.ts'
import { describeDirectory } from '../directory/describe.ts'
import { jsonResponse } from '../http/exchange.ts'
import { inspectToken } from '../token/inspect-token.ts'
import { readChange, refuseForeignOrigin } from './change.ts'
import { ControlError } from './control-error.ts'
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
    method: 'GET',
    path: '/_emulator/ca.pem',
    answer(_context, { caPem }) {
      if (caPem === '') throw new ControlError(404, 'NotFound', 'over http there is no certificate authority')
      return new Response(caPem, { headers: { 'content-type': 'application/x-pem-file' } })
    },
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
    method: 'POST',
    path: '/_emulator/apps/:appId/certificates/generate',
    async answer(context, { control, directory, clock }) {
      refuseForeignOrigin(context)
      const appId = context.req.param('appId') ?? ''
      const name = directory.registrations(appId)[0]?.name ?? appId
      const { certificate, privateKey } = await generateCertificate(name, clock.now())
      return created(context, { ...control.addCertificate({ appId, certificate }), certificate, privateKey })
    },
  },
  {
    method: 'POST',
    path: '/_emulator/tokens/inspect',
    async answer(context, { signingKeys, directory, clock }) {
      const { token, ...wanted } = readTokenToInspect(await readChange(context), 'inspect:')
      const knowing = { keys: await signingKeys.published(), directory, now: clock.now() }
      return jsonResponse(context.var.exchange, inspectToken(token, wanted, knowing))
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
    path: '/_emulator/stop',
    answer(context, { onStopRequest }) {
      refuseForeignOrigin(context)
      if (onStopRequest === undefined)
        throw new ControlError(404, 'NotFound', 'this emulator ends with the program that started it')
      context.env.wire?.afterAnswer(onStopRequest)
      return jsonResponse(context.var.exchange, { status: 'ending' }, { status: 202 })
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

const readTokenToInspect = record({
  token: text,
  audience: optional(text, undefined),
  role: optional(text, undefined),
})

const created = ({ var: { exchange } }: EmulatorContext, body: object): Response =>
  jsonResponse(exchange, body, { status: 201 })
