/** A body as text; undefined where it is longer than the limit (bytes). Reads no more than that. */
export async function readBody(request: Request, limit: number): Promise<string | undefined> {
  const announced = request.headers.get('content-length')
  if (announced !== null && !request.headers.has('transfer-encoding'))
    return Number(announced) > limit ? undefined : request.text()
  return (await readBytes(request, limit))?.toString()
}

/** As `readBody`, undecoded. */
export async function readBytes(request: Request, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
