import { X509Certificate } from 'node:crypto'

/**
 * Reads the certificates of a `ca` option. Spaces before a line, and `\n` in the place of its end, are what is left of a
 * PEM in many an environment variable; text around a certificate is passed over.
 *
 * @returns Each certificate alone, PEM as Node writes it.
 * @throws TypeError when a text holds no PEM certificate, or one that cannot be read: Node would say nothing, and trust
 * neither that nor what follows it.
 */
export function parseCa(ca: string | readonly string[]): string[] {
  const blocks = [ca].flat().map((text) => String(text).split(begin).slice(1))
  if (blocks.some(({ length }) => length === 0)) throw new TypeError('ca must be PEM certificates')
  return blocks.flat().map((block, index) => {
    const [base64 = ''] = block.split('-----END')
    try {
      return new X509Certificate(Buffer.from(base64.replace(/\\+[rn]/g, ''), 'base64')).toString()
    } catch (cause) {
      throw new TypeError(`certificate ${index + 1} of ca cannot be read`, { cause })
    }
  })
}

const begin = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/
