/**
 * A form as the platform writes it, which tells nobody its length: a Blob knows it, holds no copy of the files in it and
 * is read as often as it is sent.
 *
 * @param contentType - Of the request that was made of the form: it names the boundary.
 * @returns `undefined` for a form with a file that is no Blob of Node's, and for a content type of somebody else's.
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function multipart(form: FormData, contentType: string | null): Blob | undefined {
  const [, boundary] = /^multipart\/form-data; boundary=([\w-]+)$/.exec(contentType ?? '') ?? []
  if (boundary === undefined) return undefined
  const parts: (string | Blob)[] = []
  for (const [name, value] of form) {
    const isText = typeof value === 'string'
    // Node 20 and 22 take whatever looks like one, contrary to their declaration.
    if (!isText && !(value instanceof Blob)) return undefined
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(inLines(name))}"`)
    if (isText) parts.push(`\r\n\r\n${inLines(value)}`)
    else parts.push(`; filename="${escaped(value.name)}"\r\n${typeOf(value)}\r\n\r\n`, value)
    parts.push('\r\n')
  }
  return new Blob([...parts, `--${boundary}--\r\n`])
}

const typeOf = ({ type }: File) => `Content-Type: ${type || 'application/octet-stream'}`
const inLines = (text: string) => text.replace(/\r?\n|\r/g, '\r\n')
const escaped = (text: string) => text.replace(/[\r\n"]/g, encodeURIComponent)
