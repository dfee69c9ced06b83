/** passport-azure-ad as the API: it reads metadata and keys by itself and verifies the token that it is given. */
import { createRequire } from 'node:module'
import { run } from './job.mjs'

const { BearerStrategy } = createRequire(import.meta.url)('passport-azure-ad')

await run(
  (one) =>
    new Promise((resolve, reject) => {
      const options = {
        identityMetadata: `${one.url}/${one.tenantId}/v2.0/.well-known/openid-configuration`,
        clientID: one.apiId,
        audience: one.expectedAudience ?? one.apiId,
        validateIssuer: true,
        loggingLevel: 'error',
        loggingNoPII: false,
      }
      const strategy = new BearerStrategy(options, (claims, done) => done(null, claims, {}))
      strategy.success = () => resolve(one.bearer)
      strategy.fail = (why) => reject(new Error(String(why)))
      strategy.error = reject
      strategy.authenticate({ headers: { authorization: `Bearer ${one.bearer}` }, query: {}, body: {} }, {})
    }),
)
