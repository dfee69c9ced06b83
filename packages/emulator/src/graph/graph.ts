import { DefinitionError, isDeeper, isObject } from '../directory/definition.ts'
import type { Directory } from '../directory/directory.ts'
import { LimitError } from '../directory/weights.ts'
import type { Exchange } from '../http/exchange.ts'
import { readBody } from '../http/read-body.ts'
import { NotKeptError } from '../state/not-kept-error.ts'
import type { SigningKeys } from '../token/signing-keys.ts'
import { answerResponse, errorResponse } from './answer.ts'
import { assignedPolicyOperations } from './assigned-policies.ts'
import { authenticate } from './caller.ts'
import { credentialOperations } from './credential-operations.ts'
import { badRequest, GraphError, tooLarge } from './graph-error.ts'
import { objectOperations } from './object-operations.ts'
import type { Operation } from './operation.ts'
import { organizationOperations } from './organization.ts'
import { ownerOperations } from './owners.ts'
import { matchPath, pathSegments } from './path.ts'
import { policyOperations } from './policies.ts'
import { roleAssignmentOperations } from './role-assignments.ts'

/** Everything that this Graph does. */
const operations: readonly Operation[] = [
  ...objectOperations,
  ...credentialOperations,
  ...ownerOperations,
  ...roleAssignmentOperations,
  ...policyOperations,
  ...assignedPolicyOperations,
  ...organizationOperations,
]

/** Bytes. */
const bodyLimit = 1_048_576
const deepestBody = 20

/** The subset of Microsoft Graph that certificates need, for holders of a token that this emulator issued. */
export async function answerGraph(
  request: Request,
  services: { readonly directory: Directory; readonly signingKeys: SigningKeys; readonly exchange: Exchange },
): Promise<Response> {
  const { exchange } = services
  try {
    return answerResponse(exchange, await answer(request, services))
  } catch (error) {
    return errorResponse(exchange, toGraphError(error))
  }
}

async function answer(
  request: Request,
  { directory, signingKeys, exchange }: Parameters<typeof answerGraph>[1],
) {
  const url = new URL(request.url)
  const { receivedAt: now } = exchange
  const authorization = request.headers.get('authorization') ?? undefined
  const caller = await authenticate(authorization, { directory, signingKeys, now })
  const { operation, params } = find(request.method, url.pathname)
  const body = request.method === 'POST' || request.method === 'PATCH' ? await readJson(request) : {}
  const plain = Object.fromEntries(Object.entries(body).filter(([name]) => !name.includes('@odata.')))
  const [, version = ''] = url.pathname.split('/')
  // While the body came, others may have changed the tenant.
  const tenant = directory.findTenant(caller.tenant.id) ?? caller.tenant
  return operation.answer({
    caller: { ...caller, tenant },
    directory,
    params,
    url,
    now,
    root: `${exchange.origin}/${version}`,
    body: plain,
    reference: typeof body['@odata.id'] === 'string' ? body['@odata.id'] : undefined,
  })
}

function find(method: string, pathname: string) {
  const segments = pathSegments(pathname) ?? []
  const found = operations.flatMap((operation) => {
    const params = matchPath(operation.path, segments)
    return params === undefined ? [] : [{ operation, params }]
  })
  const [first] = found
  if (first === undefined)
    throw new GraphError(
      400,
      'BadRequest',
      `Resource not found for the segment '${segments.at(-1)?.slice(0, 80) ?? ''}'.`,
    )
  // `applications/$count` is also an application by the name of `$count`: the literal one stands first.
  const chosen = found.find(({ operation }) => operation.method === method)
  if (chosen === undefined)
    throw new GraphError(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    )
  return chosen
}

async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await readBody(request, bodyLimit)
  if (text === undefined) throw new GraphError(413, 'RequestEntityTooLarge', 'The request body is too large.')
  if (text === '') throw badRequest('Empty Payload. JSON content expected.')
  const body = parsed(text)
  if (!/^application\/json *(;|$)/i.test(request.headers.get('content-type') ?? '') || body === undefined)
    throw new GraphError(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    )
  if (isDeeper(body, deepestBody)) throw badRequest('The request body is nested too deeply.')
  return body
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The directory refuses in its own words what is taken already; nobody foresaw the rest. */
function toGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error
  if (error instanceof NotKeptError) return new GraphError(507, 'InsufficientStorage', error.message)
  if (error instanceof LimitError) return tooLarge(error.of)
  if (error instanceof DefinitionError)
    return new GraphError(
      400,
      'Request_BadRequest',
      `Another object with the same value for a property already exists (${error.message}).`,
    )
  return new GraphError(500, 'Service_InternalServerError', 'Encountered an internal server error.')
}
