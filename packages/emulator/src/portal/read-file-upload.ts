import { readBytes } from '../http/read-body.ts'
import { ControlError } from '../routes/control-error.ts'
import type { EmulatorContext } from '../routes/route.ts'

/**
 * The one file of a multipart form, from its field `file`.
 *
 * @param limit - Bytes of the whole form.
 * @throws ControlError
 */
export async function readFileUpload(
  { req }: EmulatorContext,
  limit: number,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const body = await readBytes(req.raw, limit)
  if (body === undefined)
    throw new ControlError(413, 'PayloadTooLarge', `the file is longer than ${limit} bytes`)
  const headers = { 'content-type': req.header('content-type') ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => undefined)
  const file = form?.get('file')
  if (!(file instanceof File)) throw new ControlError(400, 'BadRequest', 'no file was sent')
  if (file.name === '' && file.size === 0) throw new ControlError(400, 'BadRequest', 'no file was chosen')
  return { name: file.name.slice(0, 200), bytes: Buffer.from(await file.arrayBuffer()) }
}
