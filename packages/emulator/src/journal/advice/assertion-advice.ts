import type { CheckName } from '../../judge/steps.ts'
import type { Advice } from './advice.ts'

/** On the client assertion and the certificate behind it. */
export const assertionAdvice = {
  'client_assertion_type is jwt-bearer': {
    means: 'The form does not say what kind of assertion it brings.',
    fix: 'Send client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer, form-encoded once.',
  },
  'the assertion is a JWT': {
    means: 'It is not three base64url parts around two JSON objects.',
    fix: 'Look for padding, line breaks or standard base64 in it, or a key in its place.',
  },
  'alg is a text': {
    means: 'The header does not say how the assertion is signed.',
    fix: 'Set alg to PS256 or RS256.',
  },
  'the algorithm is taken': {
    means: 'Entra verifies RSA signatures of a few kinds only; elliptic curves are not among them.',
    fix: 'Sign with PS256 (salt of 32 bytes) or RS256.',
  },
  'the header names a key': {
    means: 'The header has no x5t, x5t#S256 or kid, so no certificate can be looked up.',
    fix: 'Put x5t#S256 into it: the SHA-256 thumbprint of the certificate’s DER bytes, base64url.',
  },
  'iss is there': {
    means: 'The claims do not say who made the assertion.',
    fix: 'Set iss to the client id.',
  },
  'sub is there': { means: 'The claims do not say whom they are about.', fix: 'Set sub to the client id.' },
  'aud is there': {
    means: 'The claims do not say for whom the assertion is.',
    fix: 'Set aud to the address of the token endpoint.',
  },
  'iss is client_id': {
    means: 'The assertion was made by another app than the one that asks.',
    fix: 'Set iss and client_id to the same client id; an object id is often mistaken for it.',
  },
  'sub is iss': {
    means: 'In this flow an app speaks of itself: issuer and subject are one.',
    fix: 'Set sub to the client id.',
  },
  'aud is not for mutual TLS': {
    means: 'The audience is the host for calls over mutual TLS.',
    fix: 'Set aud to the ordinary token endpoint.',
  },
  'aud is this tenant’s token endpoint or issuer': {
    means: 'The assertion is for another tenant, another cloud, or an API.',
    fix: 'Set aud to the address that the request goes to.',
  },
  'nbf and exp are numbers': {
    means: 'A time is given in words, or lies beyond any calendar.',
    fix: 'Write seconds since 1970, as a number.',
  },
  'the time is between nbf and exp': {
    means: 'The assertion was made too long ago, or by a clock that is ahead; 300 s are tolerated.',
    fix: 'Set the clock of the client’s machine, and make a new assertion for each request.',
  },
  'the certificate is registered': {
    means:
      'The header names a certificate that this app does not have: another app’s, a new one that was not uploaded, or one that was removed.',
    fix: 'Compare the thumbprints with Certificates, and upload the public certificate there.',
  },
  'the certificate is valid now': {
    means: 'The certificate was found, but its time is over or has not come.',
    fix: 'Upload a new certificate and sign with its key; check the clock if it should be valid.',
  },
  'the signature is by the certificate’s key': {
    means: 'The certificate was found, but another key signed, or something was changed after signing.',
    fix: 'Check that private key and certificate belong together, and that alg says how it was signed.',
  },
  'x5c holds certificates': {
    means: 'The app trusts certificates by name, and x5c is not a list of base64 DER certificates.',
    fix: 'Send the chain in x5c, the app’s own certificate first.',
  },
  'x5c leads to a trusted authority': {
    means: 'The chain does not end at the authority that the app trusts, or a link of it is not valid now.',
    fix: 'Send every certificate between; a self-signed one is not taken by name.',
  },
  'the certificate bears a trusted name': {
    means: 'The authority is right, but the certificate’s name is not one that the app trusts.',
    fix: 'Compare the subject and DNS names with the app’s trusted subject names.',
  },
} as const satisfies Partial<Record<CheckName, Advice>>

export type AssertionCheckName = keyof typeof assertionAdvice
