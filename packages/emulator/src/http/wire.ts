import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The connection under a request, for faults that HTTP has no words for. */
export interface Wire {
  /** Ends it by a TCP reset, with nothing said. */
  reset(): void
  /** Does something once the answer is sent. */
  afterAnswer(work: () => void): void
  /** Sends the head of an answer and a part of its body, then resets. */
  sendAndReset(response: Response, part: Uint8Array): void
}

/** @param rawSocket - The TCP connection, also where TLS runs on it: only that one can be reset. */
export function createWire(outgoing: ServerResponse, rawSocket: () => Socket | undefined): Wire {
  const reset = () => {
    rawSocket()?.resetAndDestroy()
  }
  return {
    reset,
    afterAnswer: (work) => void outgoing.once('finish', work),
    sendAndReset({ status, headers }, part) {
      outgoing.writeHead(status, Object.fromEntries(headers))
      // The reset must not overtake the bytes.
      outgoing.write(part, reset)
    },
  }
}
