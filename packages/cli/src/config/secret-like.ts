import { basename } from 'node:path'

/** Entra's client secrets: 40 characters with a tilde; nobody calls a file so. Such a value is never shown. */
export function looksLikeSecret(text: string): boolean {
  return (
    /^[\w.~-]{30,64}$/.test(basename(text.trim())) &&
    text.includes('~') &&
    !/\.(pem|pfx|p12|key|crt|cer)$/i.test(text)
  )
}
