import { isIssuerUnknown } from 'x5t'

/**
 * What mends that a TLS certificate is not trusted; the library speaks of its own options.
 *
 * @param reason - The code of Node's error.
 */
export function hintOnTrust(reason: string): string {
  return isIssuerUnknown(reason)
    ? 'name its CA: --ca FILE, x5t config set ca FILE, or NODE_EXTRA_CA_CERTS'
    : 'check the address and the clock of this machine; else who runs the server has to replace it'
}
