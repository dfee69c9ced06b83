import fc from 'fast-check'
import { itemsOf } from '../../src/certificate/der.ts'
import { encode } from '../../src/certificate/write-der.ts'

interface Node {
  readonly tag: number
  readonly content: Buffer | readonly Node[]
}

/** A change somewhere inside a value, after which every length around it is right again: it reaches who reads deeper. */
export interface DerEdit {
  /** Which value, of all of them in order: 0 the first, towards 1 the last. */
  readonly at: number
  readonly to: (node: Node) => readonly Node[]
}

/** Bytes for a number are few, so that rounds of key derivation stay few, or too many for any number. */
const bytes = fc.oneof(fc.uint8Array({ maxLength: 2 }), fc.uint8Array({ minLength: 8, maxLength: 40 }))

const change: fc.Arbitrary<DerEdit['to']> = fc.oneof(
  fc.constant(() => []),
  fc.constant((node: Node) => [node, node]),
  fc.nat(255).map((tag) => (node: Node) => [{ ...node, tag }]),
  bytes.map((content) => (node: Node) => [{ ...node, content: Buffer.from(content) }]),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (node: Node) => {
    const content = Buffer.from(contentOf(node))
    if (content.length > 0)
      content.writeUInt8(content.readUInt8(at % content.length) ^ mask, at % content.length)
    return [{ ...node, content }]
  }),
)

export const derEdits: fc.Arbitrary<DerEdit[]> = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), to: change }),
  { minLength: 1, maxLength: 3 },
)

/** @param der - Any DER; octet strings that hold DER are entered too, as those of a PFX do. */
export function editDer(der: Buffer, { at, to }: DerEdit): Buffer {
  const nodes = nodesIn(der)
  if (nodes === undefined) return der
  let left = Math.floor(at * nodes.reduce((sum, node) => sum + sizeOf(node), 0))
  const edited = (node: Node): readonly Node[] => {
    if (left-- === 0) return to(node)
    return [Buffer.isBuffer(node.content) ? node : { ...node, content: node.content.flatMap(edited) }]
  }
  return Buffer.concat(nodes.flatMap(edited).map(encoded))
}

function nodesIn(der: Buffer): readonly Node[] | undefined {
  try {
    return itemsOf({ tag: 0x30, content: der }).map(({ tag, content }) => {
      const mayHold = (tag & 0x20) !== 0 || tag === 0x04
      return { tag, content: (mayHold ? nodesIn(content) : undefined) ?? content }
    })
  } catch {
    return undefined
  }
}

function sizeOf({ content }: Node): number {
  return Buffer.isBuffer(content) ? 1 : content.reduce((sum, node) => sum + sizeOf(node), 1)
}

function contentOf({ content }: Node): Buffer {
  return Buffer.isBuffer(content) ? content : Buffer.concat(content.map(encoded))
}

function encoded(node: Node): Buffer {
  return encode(node.tag, contentOf(node))
}
