import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'

/** Rounds between two turns of the event loop: a few milliseconds. */
const roundsPerTurn = 4_096

/** The hash of the hash of … the data, without holding up the event loop: no thread of Node does this for us. */
export async function repeatHash(algorithm: string, data: Uint8Array, rounds: number): Promise<Buffer> {
  let digest = hash(algorithm, data, 'buffer')
  for (let round = 1; round < rounds; round++) {
    if (round % roundsPerTurn === 0) await setImmediate()
    digest = hash(algorithm, digest, 'buffer')
  }
  return digest
}
