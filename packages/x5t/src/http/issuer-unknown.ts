/**
 * Whether a TLS certificate is not trusted because no CA that is trusted has issued it: what naming that CA mends.
 *
 * @param code - Of Node's error or of `authorizationError`, as OpenSSL names it.
 */
export function isIssuerUnknown(code: string): boolean {
  return codes.has(code)
}

const codes = new Set([
  // A CA of the same name is trusted, and another has issued it. Or the certificate was tampered with.
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
