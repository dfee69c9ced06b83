import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifier, type EntraOptions } from '../../src/verify/index.ts'
import { apiId, issuers, newKey, noon, origin, sign, tenant, v2Claims } from './issuer.ts'

const key = newKey('key-1')
const otherTenant = '22222222-2222-3333-4444-555555555555'
const template = `${origin}/{tenantid}/v2.0`
const domain = 'contoso.onmicrosoft.com'

/** Verifies a good token with metadata that announces `issuer`. */
async function verifyWith(issuer: string, choice: Partial<EntraOptions>): Promise<string> {
  const verifier = createVerifier({
    audience: apiId,
    roles: ['Cars.Read'],
    now: () => noon,
    fetch: async (input) =>
      Response.json(
        String(input).endsWith('/keys') ? { keys: [key.jwk] } : { issuer, jwks_uri: `${origin}/keys` },
      ),
    ...choice,
  } as EntraOptions) // every choice below has one tenant or all of them
  return (await verifier.verify(sign(key, v2Claims()))).claims.iss
}

const taken: readonly (readonly [issuer: string, choice: Partial<EntraOptions>])[] = [
  [issuers['2.0'], { tenant }],
  [issuers['2.0'], { tenant: domain }],
  [issuers['2.0'], { tenants: [otherTenant, tenant] }],
  [template, { anyTenant: true }],
]
for (const [issuer, choice] of taken) {
  test(`metadata for ${JSON.stringify(choice)} may announce ${issuer}`, async () => {
    assert.equal(await verifyWith(issuer, choice), issuers['2.0'])
  })
}

const refused: readonly (readonly [issuer: string, choice: Partial<EntraOptions>])[] = [
  [issuers['2.0'].replace(tenant, otherTenant), { tenant }],
  [template, { tenant }],
  [template, { tenant: domain }],
  [`${origin}/${domain}/v2.0`, { tenant: domain }],
  [issuers['2.0'].replace(tenant, otherTenant), { tenants: [tenant] }],
  [issuers['2.0'], { anyTenant: true }],
  [`${origin}/common/v2.0`, { anyTenant: true }],
  ['', { tenant }],
]
for (const [issuer, choice] of refused) {
  test(`metadata for ${JSON.stringify(choice)} that announces '${issuer}' is not used`, async () => {
    await assert.rejects(verifyWith(issuer, choice), { code: 'ERR_METADATA_INVALID' })
  })
}

/** Entra: the tokens of a cloud may name another host than the one that issues them. */
test('metadata may announce an issuer on another host, and only keys that name that one may sign', async () => {
  const iss = `https://login.partner.microsoftonline.cn/${tenant}/v2.0`
  const authority = 'https://login.chinacloudapi.cn'
  const verify = (issuerOfKey: string) =>
    createVerifier({
      tenant,
      authority,
      audience: apiId,
      roles: ['Cars.Read'],
      now: () => noon,
      fetch: async (input) =>
        Response.json(
          String(input).endsWith('/keys')
            ? { keys: [{ ...key.jwk, issuer: issuerOfKey }] }
            : { issuer: iss, jwks_uri: `${authority}/keys` },
        ),
    }).verify(sign(key, v2Claims({ iss })))
  await verify(iss)
  await verify(iss.replace(tenant, '{tenantid}'))
  await assert.rejects(verify(`${authority}/${tenant}/v2.0`), { code: 'ERR_TOKEN_ISSUER' })
})

test('a token of another tenant than the domain stands for is refused', async () => {
  const issuer = issuers['2.0'].replace(tenant, otherTenant)
  await assert.rejects(verifyWith(issuer, { tenant: domain }), { code: 'ERR_TOKEN_ISSUER' })
})
