import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

/**
 * What this process trusts anyway, and `ca` (PEM). Node forgets `NODE_EXTRA_CA_CERTS` once a program adds certificates
 * of its own, so that is read again.
 */
export function trustWith(ca: string | undefined, extraPath: string | undefined): SecureContext {
  const secureContext = createSecureContext()
  if (ca !== undefined) {
    for (const pem of [ca, ...extra(extraPath)]) secureContext.context.addCACert(pem)
  }
  return secureContext
}

/** A file that cannot be read is passed over: Node has warned of it at the start. */
function extra(path: string | undefined): string[] {
  if (!path) return []
  try {
    return [readFileSync(path, 'utf8')]
  } catch {
    return []
  }
}
