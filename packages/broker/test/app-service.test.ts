import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ManagedIdentityCredential } from '@azure/identity'
import { TokenEndpointError } from 'x5t'
import { type Broker, startBroker } from '../src/start-broker.ts'

const clientId = '11111111-2222-3333-4444-555555555555'
const expiresAt = 1_900_000_000_000
const asked: string[] = []
let broker: Broker

before(async () => {
  broker = await startBroker({
    clientId,
    client: {
      async getToken({ scope }) {
        asked.push(String(scope))
        if (scope === 'https://refused/.default') {
          throw new TokenEndpointError('ERR_ENTRA_REFUSED', 'no such resource', { status: 400 })
        }
        return { accessToken: 'the-token', tokenType: 'Bearer', expiresAt, refreshAt: expiresAt }
      },
    },
  })
})
after(() => broker.stop())

const ask = (query: string, header = broker.environment.IDENTITY_HEADER) =>
  fetch(`${broker.environment.IDENTITY_ENDPOINT}?${query}`, { headers: { 'x-identity-header': header } })

test('the unmodified ManagedIdentityCredential gets the token of the certificate', async (t) => {
  // MSAL adds the whole seconds left to a later reading of the clock, so a passing second would show.
  t.mock.timers.enable({ apis: ['Date'], now: expiresAt - 3_600_000 })
  Object.assign(process.env, broker.environment)
  const token = await new ManagedIdentityCredential().getToken('https://vault.azure.net/.default')
  assert.equal(token.token, 'the-token')
  assert.equal(token.expiresOnTimestamp, expiresAt)
  assert.equal(asked.at(-1), 'https://vault.azure.net/.default')
})

test('the answer has the members and the string numbers of App Service', async () => {
  const response = await ask('api-version=2019-08-01&resource=https://vault.azure.net')
  assert.deepEqual(await response.json(), {
    access_token: 'the-token',
    expires_on: '1900000000',
    resource: 'https://vault.azure.net',
    token_type: 'Bearer',
    client_id: clientId,
  })
})

const refusals = [
  { what: 'a wrong header', query: 'api-version=2019-08-01&resource=a', header: 'guess', status: 401 },
  { what: 'an unknown protocol version', query: 'api-version=2017-09-01&resource=a', status: 400 },
  { what: 'no resource', query: 'api-version=2019-08-01', status: 400 },
  { what: 'another client', query: 'api-version=2019-08-01&resource=a&client_id=other', status: 400 },
  { what: 'what Entra refuses', query: 'api-version=2019-08-01&resource=https://refused', status: 400 },
]
for (const { what, query, header, status } of refusals) {
  test(`${what} is refused with ${status} and no token`, async () => {
    const response = await ask(query, header)
    assert.equal(response.status, status)
    assert.ok(!(await response.text()).includes('the-token'))
  })
}
