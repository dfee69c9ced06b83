import type { AadstsEntries } from './entry.ts'

/** The proof of the app: missing, of the wrong kind, a secret. */
export const credentialEntries: AadstsEntries = {
  7000215: {
    summary: 'the client secret is wrong',
    hint: 'use the value of the secret, not its id; or a certificate instead: x5t init',
    causes: ['the id of the secret was copied, not its value', 'the secret belongs to another app'],
    source: 'observed',
  },
  7000222: {
    summary: 'the client secret has expired',
    hint: 'make a new secret in the portal, or use a certificate instead: x5t init',
    causes: ['secrets end after at most two years'],
    source: 'observed',
  },
  7000216: {
    summary: 'the request has no proof of the app',
    hint: 'send client_assertion and client_assertion_type',
    causes: ['no certificate and no secret is configured in the program that asked'],
    source: 'observed',
  },
  7000218: {
    summary: 'the request has no proof of the app',
    hint: 'send client_assertion and client_assertion_type',
    causes: [
      'a confidential app was used as a public one',
      'the environment has no certificate and no secret',
    ],
    source: 'reference',
  },
  7000219: {
    summary: 'the grant needs a proof of the app',
    hint: 'send client_assertion and client_assertion_type',
    causes: ['an on-behalf-of request without certificate and secret'],
    source: 'observed',
  },
  700025: {
    summary: 'the app is registered as a public client',
    hint: 'set "allow public client flows" to no',
    causes: ['Authentication > Advanced settings > Allow public client flows is on'],
    source: 'reference',
  },
  70002: {
    summary: 'Entra could not validate the credentials (an old number around another)',
    hint: 'read the second AADSTS number in the text',
    causes: ['wording of before 2019', 'neither client_secret nor client_assertion in the request'],
    source: 'observed',
  },
  700211: {
    summary: 'no federated identity credential has this issuer',
    hint: 'set iss of the assertion to the client id, or correct the federated credential',
    causes: [
      'the assertion is by another issuer than the app itself',
      'Issuer of the federated credential is misspelt',
    ],
    source: 'observed',
  },
  700212: {
    summary: 'no federated identity credential has this audience',
    hint: 'correct Audience of the federated credential: api://AzureADTokenExchange',
    causes: ['the token of the other provider is for another audience'],
    source: 'observed',
  },
  700213: {
    summary: 'no federated identity credential has this subject',
    hint: 'correct Subject of the federated credential',
    causes: ['another branch, repository, namespace or service account than the credential names'],
    source: 'observed',
  },
  70021: {
    summary: 'no federated identity credential matches the assertion',
    hint: 'compare issuer, subject and audience of the federated credential with the assertion',
    causes: ['today 700211, 700212 and 700213'],
    source: 'observed',
  },
  700229: {
    summary: 'only app-only tokens can serve as a federated credential of an Entra issuer',
    hint: 'get the token with client credentials',
    causes: ['a user token stands in the place of an app token'],
    source: 'reference',
  },
  392200: {
    summary: 'no TLS client certificate came with the request',
    hint: 'use the ordinary token endpoint, or present the certificate in the TLS handshake',
    causes: ['the mutual-TLS host was asked over ordinary TLS', 'a proxy ended the TLS connection'],
    source: 'observed',
  },
  392204: {
    summary: 'the TLS client certificate has expired',
    hint: 'make a new certificate and register it: x5t cert new --name app',
    causes: ['the certificate is past its end'],
    source: 'observed',
  },
  500181: {
    summary: 'the TLS certificate is not the one of the assertion',
    hint: 'use one certificate for both',
    causes: ['a rotation changed one of the two'],
    source: 'observed',
  },
}
