import { hash } from 'node:crypto'
import { nextTurn } from '../../internal/next-turn.ts'

/** Rounds between two turns of the event loop: a few milliseconds. */
const roundsPerTurn = 4_096

/**
 * The hash of the hash of … the data, without holding up the event loop: no thread of Node does this for us. There is
 * a turn at the end too, as a file may ask for this a thousand times.
 *
 * A digest comes as a string and goes into the same buffer each time: a new buffer costs more than the hash.
 */
export async function repeatHash(algorithm: string, data: Uint8Array, rounds: number): Promise<Buffer> {
  const digest = hash(algorithm, data, 'buffer')
  for (let round = 1; round < rounds; round++) {
    if (round % roundsPerTurn === 0) await nextTurn()
    digest.write(hash(algorithm, digest, 'binary'), 'latin1')
  }
  await nextTurn()
  return digest
}
