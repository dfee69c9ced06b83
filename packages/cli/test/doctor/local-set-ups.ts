import type { SetUp } from './world.ts'

/** What is wrong before anything is sent: configuration, files, passphrase, key, certificate. */
export const localSetUps: readonly SetUp[] = [
  {
    what: 'nothing is configured',
    arrange: () => ({
      options: { tenant: undefined, 'client-id': undefined, cert: undefined, key: undefined },
    }),
    check: 'configuration',
    cause: /^not configured: tenant, clientId, certificate$/,
    remedy: /x5t init/,
  },
  {
    what: 'the configuration is broken JSON',
    arrange({ stage }) {
      stage.write('x5t.json', '{ "profiles": { "default": { "tenant": "contoso.com", } }')
      return {}
    },
    check: 'configuration',
    cause: /x5t\.json is not JSON: line 1, column 55$/,
    remedy: /^mend it by hand, or move it away and begin anew: x5t init$/,
  },
  {
    what: 'the settings stand beside the profiles, not in one',
    arrange({ stage }) {
      stage.write('x5t.json', '{ "tenant": "contoso.com" }')
      return {}
    },
    check: 'configuration',
    cause: /unknown member "tenant"$/,
    remedy: /it belongs into a profile/,
  },
  {
    what: 'the profile that is used is misspelt',
    arrange({ stage }) {
      stage.write('x5t.json', '{ "profile": "prod", "profiles": { "default": {} } }')
      return {}
    },
    check: 'configuration',
    cause: /there is no profile "prod"/,
    remedy: /x5t config list/,
  },
  {
    what: 'the client id stands in braces',
    arrange: ({ demo }) => ({ options: { 'client-id': `{${demo.appId}}` } }),
    check: 'configuration',
    cause: /client id "\{6731de76-.*\}" is no GUID/,
    remedy: /--client-id/,
  },
  {
    what: 'the path of the certificate begins with ~',
    arrange({ stage }) {
      stage.write('x5t.json', '{ "profiles": { "default": { "certificate": "~/good.crt" } } }')
      return { options: { cert: undefined } }
    },
    check: 'certificate',
    cause: /~.good\.crt does not exist/,
    remedy: /only a shell knows ~/,
  },
  {
    what: 'the request stands for the certificate',
    arrange({ stage }) {
      const name = 'CERTIFICATE REQUEST'
      stage.write('good.crt', `-----BEGIN ${name}-----\nMIIB\n-----END ${name}-----\n`)
      return {}
    },
    check: 'certificate',
    cause: /no certificate in .*, only CERTIFICATE REQUEST/,
    remedy: /./,
  },
  {
    what: 'the key is a folder',
    arrange: ({ stage }) => ({ options: { key: stage.folder } }),
    check: 'key',
    cause: /is a directory/,
    remedy: /./,
  },
  {
    what: 'the configuration has a member nobody knows',
    arrange({ stage }) {
      stage.write('x5t.json', '{ "profiles": { "default": { "tennant": "contoso.com" } } }')
      return {}
    },
    check: 'configuration',
    cause: /unknown member "tennant"/,
    remedy: /did you mean: tenant/,
  },
  {
    what: 'a variable and the configuration name different apps',
    arrange({ stage, demo }) {
      const profile = { tenant: demo.tenantId, clientId: demo.appId }
      stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
      return { options: { 'client-id': undefined }, env: { AZURE_CLIENT_ID: demo.carsAppId } }
    },
    check: 'registration',
    cause:
      /not registered with the app .*clientId is from AZURE_CLIENT_ID, before clientId of profile default/,
    remedy: /x5t emulator cert add/,
  },
  {
    what: 'two places name different tenants, and the one that holds works',
    arrange: ({ stage, demo }) => {
      const profile = { tenant: 'fabrikam.onmicrosoft.com', clientId: demo.appId }
      stage.write('x5t.json', JSON.stringify({ profiles: { default: profile } }))
      return { options: { tenant: undefined }, env: { AZURE_TENANT_ID: demo.tenantId }, code: 0 }
    },
    check: 'configuration',
    cause: /tenant has two values: AZURE_TENANT_ID goes before tenant of profile default/,
    remedy: /take one of them away/,
  },
  {
    what: 'a variable is misspelt, and nothing else says it',
    arrange: ({ demo }) => ({ options: { tenant: undefined }, env: { X5T_TENNANT: demo.tenantId } }),
    check: 'configuration',
    cause: /^not configured: tenant$/,
    remedy: /^did you mean X5T_TENANT, where it says X5T_TENNANT$/,
  },
  {
    what: 'a variable is misspelt, and what works without it is used',
    arrange: () => ({ env: { X5T_SCOP: 'api://other', X5T_OF_SOMEBODY_ELSE: '1' }, code: 0 }),
    check: 'configuration',
    cause: /^nothing reads X5T_SCOP$/,
    remedy: /^did you mean X5T_SCOPE, where it says X5T_SCOP$/,
  },
  {
    what: 'a client secret stands in the environment, and no certificate',
    arrange: () => ({
      options: { cert: undefined, key: undefined },
      env: { AZURE_CLIENT_SECRET: 'aB38Q~geheimgeheimgeheimgeheimgeheimgehe' },
    }),
    check: 'configuration',
    cause: /AZURE_CLIENT_SECRET gives a client secret, and no certificate is configured/,
    remedy: /x5t init/,
  },
  {
    what: 'a client secret stands where the path of the certificate belongs',
    arrange: () => ({
      options: { cert: undefined, key: undefined },
      env: { AZURE_CLIENT_CERTIFICATE_PATH: 'aB38Q~geheimgeheimgeheimgeheimgeheimgehe' },
    }),
    check: 'configuration',
    cause: /AZURE_CLIENT_CERTIFICATE_PATH holds what looks like a client secret/,
    remedy: /x5t init/,
  },
  {
    what: 'the file of the certificate holds a client secret',
    arrange({ stage }) {
      stage.write('good.crt', 'aB38Q~geheimgeheimgeheimgeheimgeheimgehe\n')
      return {}
    },
    check: 'certificate',
    cause: /holds what looks like a client secret where a certificate belongs/,
    remedy: /x5t init/,
  },
  {
    what: 'the authority is plain http',
    arrange: () => ({ options: { authority: 'http://login.microsoftonline.com' } }),
    check: 'configuration',
    cause: /authority 'http:\/\/login\.microsoftonline\.com' is not https/,
    remedy: /authority is from --authority/,
  },
  {
    what: 'the display name of the tenant stands for its id',
    arrange: () => ({ options: { tenant: 'Contoso Ltd' } }),
    check: 'configuration',
    cause: /tenant 'Contoso Ltd' is neither a GUID nor a domain name/,
    remedy: /tenant is from --tenant/,
  },
  {
    what: 'the tenant id stands in the place of the client id',
    arrange: ({ demo }) => ({ options: { 'client-id': demo.tenantId } }),
    check: 'configuration',
    cause: /client id and tenant are the same GUID/,
    remedy: /from --client-id/,
  },
  {
    what: 'the certificate is not there',
    arrange: () => ({ options: { cert: 'gone.crt' } }),
    check: 'certificate',
    cause: /gone\.crt/,
    remedy: /.|named by --cert/,
  },
  {
    what: 'the passphrase is wrong',
    arrange({ stage }) {
      stage.write('passphrase', 'incorrect\n')
      return { options: { key: 'sealed.key', 'passphrase-file': 'passphrase' } }
    },
    check: 'key',
    cause: /passphrase does not open/,
    remedy: /the passphrase is from --passphrase-file/,
  },
  {
    what: 'no passphrase is given for an encrypted key',
    arrange: () => ({ options: { key: 'sealed.key' } }),
    check: 'key',
    cause: /is encrypted|passphrase/,
    remedy: /passphrase/,
  },
  {
    what: 'a # cuts the passphrase in .env',
    arrange({ stage }) {
      stage.write('.env', 'X5T_PASSPHRASE=correct #horse\n')
      return { options: { key: 'sealed.key' } }
    },
    check: 'key',
    cause: /passphrase does not open/,
    remedy: /X5T_PASSPHRASE in \.env/,
  },
  {
    what: 'key and certificate are of two pairs',
    arrange: () => ({ options: { key: 'other.key' } }),
    check: 'pair',
    cause: /does not belong to the certificate/,
    remedy: /made together/,
  },
  {
    what: 'other users can read the key',
    arrange({ chmod }) {
      chmod('good.key', 0o644)
      return {}
    },
    check: 'key file',
    cause: /other users of this machine can read the private key: .*good\.key has mode 0644/,
    remedy: /^chmod 600 .*good\.key$/,
  },
  {
    what: 'other users can read the passphrase',
    arrange({ chmod }) {
      chmod('passphrase', 0o640)
      return { code: 0, options: { key: 'sealed.key', 'passphrase-file': 'passphrase' } }
    },
    check: 'passphrase',
    cause: /other users of this machine can read the passphrase in passphrase/,
    remedy: /^chmod 600 passphrase$/,
  },
  {
    what: 'the PFX is damaged',
    async arrange(world) {
      const pfx = await world.pfx()
      world.stage.write('app.pfx', pfx.subarray(0, pfx.length / 2).toString('base64'))
      return { options: { cert: 'app.pfx', key: undefined } }
    },
    check: 'certificate',
    cause: /app\.pfx/,
    remedy: /./,
  },
  {
    what: 'the passphrase of the PFX is wrong',
    async arrange(world) {
      world.stage.write('app.pfx', (await world.pfx()).toString('base64'))
      world.stage.write('passphrase', 'incorrect\n')
      return { options: { cert: 'app.pfx', key: undefined, 'passphrase-file': 'passphrase' } }
    },
    check: 'certificate',
    cause: /passphrase does not open/,
    remedy: /the passphrase is from --passphrase-file/,
  },
  {
    what: 'the key is an EC key',
    arrange({ stage, ecKeyPem }) {
      stage.write('good.key', ecKeyPem())
      return {}
    },
    check: 'key',
    cause: /^the key of \S+good\.crt and \S+good\.key is an EC key \(\S+\), not an RSA key$/,
    remedy: /RSA/,
  },
  {
    what: 'a certificate stands where the key belongs',
    arrange: () => ({ options: { key: 'other.crt' } }),
    check: 'key',
    cause: /private key/,
    remedy: /./,
  },
  {
    what: 'the private key is cut off',
    arrange({ stage, good }) {
      stage.write('good.key', good.privateKeyPem.slice(0, 700))
      return {}
    },
    check: 'key',
    cause: /good\.key/,
    remedy: /./,
  },
]
