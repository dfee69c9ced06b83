import type { Output } from '../io.ts'

/** Writes at the pace of the reader. */
export interface ByteWriter {
  /** @returns False once nobody reads any more; that is no failure, and nothing more need be fetched. */
  write(bytes: Uint8Array | string): Promise<boolean>
}

export function createByteWriter(output: Output): ByteWriter {
  let gone = false
  output.once?.('error', () => {
    gone = true
  })
  return {
    async write(bytes) {
      if (gone || bytes.length === 0) return !gone
      const roomLeft = output.write(bytes)
      if (roomLeft === false && output.once !== undefined) await untilDrained(output)
      return !gone
    },
  }
}

function untilDrained(output: Output): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['drain', 'close', 'error'] as const) output.once?.(event, () => resolve())
  })
}
