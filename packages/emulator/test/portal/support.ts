import { createStage, origin, type Stage } from '../support/stage.ts'

export const portal = '/_emulator/portal'

/** A portal without a network, read as its HTML. */
export async function openPortal(registration: Parameters<typeof createStage>[0] = {}) {
  const stage = await createStage(registration)
  return {
    ...stage,
    async page(path = '', headers: Record<string, string> = {}) {
      const response = await stage.get(`${portal}${path}`, headers)
      return { response, status: response.status, text: await response.text() }
    },
    /** As a browser posts a form of the portal's own pages. */
    async postForm(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
      const body = new URLSearchParams(fields).toString()
      return posted(stage, path, body, {
        'content-type': 'application/x-www-form-urlencoded',
        origin,
        ...headers,
      })
    },
    async upload(
      path: string,
      file: Uint8Array<ArrayBuffer> | string,
      name = 'app.cer',
      headers: Record<string, string> = {},
    ) {
      const form = new FormData()
      form.set('file', new File([file], name))
      return posted(stage, path, form, { origin, ...headers })
    },
  }
}

async function posted(stage: Stage, path: string, body: string | FormData, headers: Record<string, string>) {
  const request = new Request(`${origin}${portal}${path}`, { method: 'POST', body, headers })
  // Bytes, for the stream of a form that is not read to its end ends the process in Node 24.
  const whole = { method: 'POST', body: await request.arrayBuffer(), headers: request.headers }
  const response = await stage.app.request(request.url, whole)
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}

/** Text of a page without its markup. */
export const words = (text: string): string =>
  text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (,|;|\. )/g, '$1')
