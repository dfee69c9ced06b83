import type { Directory } from '../directory/directory.ts'
import { instanceDiscovery } from '../discovery/instance.ts'
import { keySet } from '../discovery/key-set.ts'
import type { Audience } from '../discovery/openid-configuration.ts'
import {
  audienceOfTenant,
  issuerV2,
  openidConfiguration,
  sharedAudience,
} from '../discovery/openid-configuration.ts'
import { jsonResponse } from '../http/exchange.ts'
import { createExamination } from '../judge/examination.ts'
import { findTenant, sharedTenants } from '../judge/tenant.ts'
import { Refused } from '../refusal/refusal.ts'
import type { EmulatorContext, Route } from './route.ts'

/** Entra: any web page may read what is public. */
export const publicHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
}

const headers = { ...publicHeaders, 'cache-control': 'max-age=86400, private' }

export const discoveryRoutes: readonly Route[] = [
  configurationRoute('v1', '/:tenant/.well-known/openid-configuration'),
  configurationRoute('v2', '/:tenant/v2.0/.well-known/openid-configuration'),
  keysRoute('v1', '/:tenant/discovery/keys'),
  keysRoute('v2', '/:tenant/discovery/v2.0/keys'),
  {
    method: 'GET',
    path: '/:tenant/discovery/instance',
    endpoint: 'discovery',
    answer(context) {
      const { exchange } = context.var
      const body = instanceDiscovery(context.req.query('authorization_endpoint'), exchange.origin)
      return jsonResponse(exchange, body, { headers })
    },
  },
]

function configurationRoute(version: 'v1' | 'v2', path: string): Route {
  return {
    method: 'GET',
    path,
    endpoint: 'discovery',
    answer(context, { directory }) {
      const { exchange } = context.var
      const audience = audienceOf(context, directory)
      const body = openidConfiguration(version, exchange.origin, audience, context.req.query('appid'))
      return jsonResponse(exchange, body, { headers })
    },
  }
}

function keysRoute(version: 'v1' | 'v2', path: string): Route {
  return {
    method: 'GET',
    path,
    endpoint: 'keys',
    async answer(context, { directory, signingKeys }) {
      const { exchange } = context.var
      const audience = audienceOf(context, directory)
      const issuer = version === 'v2' ? issuerV2(exchange.origin, audience) : undefined
      const published = await signingKeys.published()
      const isStale = context.var.encounter?.meet(['stale-keys']) !== undefined
      const keys = isStale ? published.filter(({ kid }) => kid !== signingKeys.current().kid) : published
      return jsonResponse(exchange, keySet(keys, issuer), { headers })
    },
  }
}

function audienceOf({ req }: EmulatorContext, directory: Directory): Audience {
  const name = req.param('tenant') ?? ''
  if (sharedTenants.includes(name.toLowerCase())) return sharedAudience(name.toLowerCase())
  try {
    return audienceOfTenant(findTenant(createExamination(), directory, name))
  } catch (error) {
    // Entra: discovery has an `error` of its own for what the token endpoint calls an invalid request.
    throw error instanceof Refused ? new Refused({ ...error.refusal, error: 'invalid_tenant' }) : error
  }
}
