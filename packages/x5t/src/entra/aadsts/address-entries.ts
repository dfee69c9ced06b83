import type { AadstsEntries } from './entry.ts'

/** Where the request went and what form it had. */
export const addressEntries: AadstsEntries = {
  90013: {
    summary: 'Entra cannot read a value of the request',
    hint: 'look for placeholders with < and > in tenant and client id',
    causes: ['characters such as < or > in the tenant or the client id'],
    source: 'observed',
  },
  90014: {
    summary: 'a required field is missing from the credential',
    hint: 'read the name of the field in the text',
    causes: ['the assertion lacks iss, aud or another claim', 'the request has no scope'],
    source: 'observed',
  },
  900144: {
    summary: 'a required parameter is missing from the body',
    hint: 'read the name of the parameter in the text',
    causes: ['the body is JSON: the token endpoint takes a form', 'the parameter is misspelt'],
    source: 'observed',
  },
  9000411: {
    summary: 'a parameter stands in the body twice',
    hint: 'send each parameter once',
    causes: ['the form is built from two places'],
    source: 'observed',
  },
  9002313: {
    summary: 'the request is malformed',
    hint: 'send a form: content-type application/x-www-form-urlencoded',
    causes: ['the body is not a form', 'a proxy changed it'],
    source: 'observed',
  },
  900561: {
    summary: 'the endpoint takes POST only',
    hint: 'send the token request as POST',
    causes: ['the address was opened in a browser', 'a redirect turned POST into GET'],
    source: 'reference',
  },
  901002: {
    summary: 'the v2 endpoint takes no `resource`',
    hint: 'send scope=<resource>/.default, or ask the v1 endpoint',
    causes: ['a v1 request went to /oauth2/v2.0/token'],
    source: 'reference',
  },
  70003: {
    summary: 'Entra does not know the grant type',
    hint: 'send grant_type=client_credentials',
    causes: ['a misspelt grant type'],
    source: 'reference',
  },
  9001023: {
    summary: 'the grant type is not served under /common',
    hint: 'name the tenant in the address',
    causes: ['the tenant is `common` or `consumers`'],
    source: 'reference',
  },
  90023: {
    summary: 'the request is one this kind of client may not send',
    hint: 'read the text: mostly a browser header (Origin) or a secret of a public client',
    causes: ['a header Origin came with a request from a server', 'a public client sent a secret'],
    source: 'observed',
  },
  90027: {
    summary: 'the v1 endpoint serves no personal accounts',
    hint: 'name the tenant of an organisation',
    causes: ['the tenant is the one of personal Microsoft accounts'],
    source: 'reference',
  },
  90038: {
    summary: 'the tenant is in another cloud',
    hint: 'use the authority of that cloud, which the text names',
    causes: ['a national-cloud tenant was asked for at the public authority, or the other way round'],
    source: 'reference',
  },
  900382: {
    summary: 'app-only requests do not cross clouds',
    hint: 'use the authority of the cloud where the app is registered',
    causes: ['the app is of one cloud, the authority of another'],
    source: 'reference',
  },
  900432: {
    summary: 'app-only requests do not cross clouds',
    hint: 'use the authority of the cloud where the app is registered',
    causes: ['the app is of one cloud, the authority of another'],
    source: 'reference',
  },
  900439: {
    summary: 'an app of the US government cloud came to the public endpoint',
    hint: 'use authority https://login.microsoftonline.us',
    causes: ['the authority is the default one'],
    source: 'reference',
  },
  50049: {
    summary: 'Entra does not know this authority host',
    hint: 'check the spelling of the authority',
    causes: ['a host of its own (an emulator, a proxy) in front of Entra', 'a misspelt host'],
    source: 'reference',
  },
  50050: {
    summary: 'the discovery request is malformed',
    hint: 'check the authority',
    causes: ['instance discovery without authorization_endpoint'],
    source: 'reference',
  },
  100007: {
    summary: 'regional endpoints serve only some apps',
    hint: 'use the global authority',
    causes: ['a region is configured (AZURE_REGIONAL_AUTHORITY_NAME, REGION_NAME)'],
    source: 'reference',
  },
}
