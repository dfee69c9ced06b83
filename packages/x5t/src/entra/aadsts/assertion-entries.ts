import type { AadstsEntries } from './entry.ts'

/** The client assertion: its claims, its header, its signature. */
export const assertionEntries: AadstsEntries = {
  700027: {
    summary: 'Entra cannot verify the client assertion with a certificate of this app',
    hint:
      'compare thumbprint {thumbprintSha1Hex} (SHA-256 {thumbprintSha256}) with App registrations > ' +
      'Certificates & secrets of app {clientId}; a certificate uploaded less than five minutes ago may need a moment',
    causes: [
      '"The key was not found": the certificate is not uploaded to this app, or to another app or tenant',
      'it was uploaded minutes ago and has not reached every server yet: refusals and successes alternate',
      '"The key used is expired": the registered certificate is past its end',
      '"signature did not match": the private key is not the one of the certificate that the header names',
      'the app trusts by subject name and issuer, and the chain (x5c) was not sent',
    ],
    source: 'observed',
  },
  700024: {
    summary: 'Entra finds the client assertion outside its time range',
    hint: 'set the clock of this machine',
    causes: [
      'the clock of this machine is off; the answer names Current time and the range of the assertion',
      'the assertion was made once and kept, instead of anew for each request',
    ],
    source: 'observed',
  },
  700023: {
    summary: 'Entra does not accept the audience of the client assertion',
    hint: 'check the authority host and the tenant',
    causes: [
      'the assertion names the token endpoint of another tenant or cloud',
      'aud is an API instead of the token endpoint',
    ],
    source: 'observed',
  },
  700021: {
    summary: 'the client assertion names another app than the request',
    hint: 'check the client id',
    causes: ['iss and sub of the assertion differ from client_id'],
    source: 'observed',
  },
  50048: {
    summary: 'issuer and subject of the client assertion differ',
    hint: 'set iss and sub both to the client id',
    causes: ['an assertion made by hand, or for another flow'],
    source: 'reference',
  },
  50027: {
    summary: 'the client assertion is no JWT that Entra can read',
    hint: 'check what was sent: three base64url parts, joined by dots',
    causes: ['padding, line breaks or standard base64 in the assertion', 'a certificate or key in its place'],
    source: 'observed',
  },
  5002723: {
    summary: 'the client assertion names no certificate',
    hint: 'put x5t#S256, x5t or kid into the header of the assertion',
    causes: ['an assertion made by hand without a thumbprint in its header'],
    source: 'observed',
  },
  5002738: {
    summary: 'Entra does not accept the signature algorithm',
    hint: 'use an RSA key and algorithm PS256 or RS256',
    causes: ['an EC key: ES256 and its like are refused', 'HS256 or none'],
    source: 'observed',
  },
  50012: {
    summary: 'Entra does not accept the client assertion (an old number for several faults)',
    hint: 'read the text behind the number: time range, audience or signature',
    causes: ['wording of before 2019; today 700024, 700023 and 700027'],
    source: 'reference',
  },
  50013: {
    summary: 'an assertion failed signature validation',
    hint: 'send the assertion of the app as client_assertion, not as assertion',
    causes: [
      'a client assertion in the field `assertion`',
      'an on-behalf-of assertion that is a token for another API',
    ],
    source: 'observed',
  },
  500133: {
    summary: 'a user assertion is outside its time range',
    hint: 'get a new token of the user before the on-behalf-of request',
    causes: ['an on-behalf-of flow with an expired token; client credentials know no such assertion'],
    source: 'reference',
  },
  50171: {
    summary: 'the audience is only for mutual-TLS requests',
    hint: 'name the token endpoint of the tenant as audience',
    causes: ['aud names the mtlsauth host, the request went to the ordinary one'],
    source: 'observed',
  },
  700030: {
    summary: 'the subject of the certificate is not one the app trusts',
    hint: 'check trustedSubjectNameAndIssuers of the registration',
    causes: ['subject-name/issuer trust with another subject', 'the certificate is of another cloud'],
    source: 'reference',
  },
  7000213: {
    summary: 'Entra does not trust the chain of the certificate',
    hint: 'send the chain of the issuing CA (sendCertificateChain)',
    causes: [
      'a self-signed certificate with an app that trusts by subject name and issuer',
      'an intermediate certificate is missing from x5c',
    ],
    source: 'observed',
  },
  7000214: {
    summary: 'the certificate has been revoked',
    hint: 'make a new certificate and register it: x5t cert new --name app',
    causes: ['its CA put it on its revocation list'],
    source: 'observed',
  },
  7000277: {
    summary: 'the certificate was revoked',
    hint: 'make a new certificate and register it: x5t cert new --name app',
    causes: ['its CA put it on its revocation list'],
    source: 'observed',
  },
  7000274: {
    summary: 'Entra cannot use the certificate of the client assertion',
    hint: 'compare thumbprint {thumbprintSha1Hex} with the portal, and its dates with today',
    causes: ['the certificate is outside its dates', 'the signature is not by its key'],
    source: 'guess',
  },
  1000502: {
    summary: 'the certificate is outside its dates',
    hint: 'make a new certificate and register it: x5t cert new --name app',
    causes: ['it has expired, or is not valid yet'],
    source: 'observed',
  },
}
