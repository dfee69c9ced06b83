import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import type { Authenticated, Verifier } from '../../src/verify/index.ts'
import { listen } from '../support/listen.ts'

// As docs/verify.md says it, so that handlers see the claims on the request.
declare module 'express-serve-static-core' {
  interface Request extends Authenticated {}
}
declare module 'fastify' {
  interface FastifyRequest extends Authenticated {}
}

/** Starts a server whose one route answers with the client of the token; gives its port. */
export const servers: Record<string, (verifier: Verifier) => Promise<number>> = {
  'node:http': (verifier) =>
    listen(
      createServer(
        verifier.nodeHttp((request, response) => {
          assert.equal(verifier.tokenOf(request), request.auth)
          response.end(request.auth.claims.azp)
        }),
      ),
    ),
  Express: (verifier) => {
    const app = express()
    app.use('/cars', verifier.express())
    app.get('/cars', (request, response) => {
      assert.equal(verifier.tokenOf(request), request.auth)
      response.send(request.auth.claims.azp)
    })
    return listen(createServer(app))
  },
  Fastify: async (verifier) => {
    const app = fastify()
    app.addHook('onRequest', verifier.fastify())
    app.get('/cars', async (request) => {
      assert.equal(verifier.tokenOf(request), request.auth)
      return request.auth.claims.azp
    })
    after(() => app.close())
    return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  },
  Hono: (verifier) => {
    const app = new Hono<{ Variables: Authenticated }>()
    app.use('/cars', verifier.hono())
    app.get('/cars', (context) => {
      assert.equal(verifier.tokenOf(context.req.raw), context.get('auth'))
      return context.text(String(context.get('auth').claims.azp))
    })
    return listen(createServer(getRequestListener(app.fetch)))
  },
}
