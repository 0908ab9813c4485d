/**
 * Reads the protobuf file of a Vectra index (node_modules/vectra/lib/codecs/schemas/index.proto) straight into one Float32Array. Vectra's own
 * reader makes an object and an array of doubles of each item: 2 s and several times the memory at 50,000 items.
 *
 * IndexData: 3 = repeated IndexItem. IndexItem: 1 = id, 2 = metadata (map entry: 1 = key, 2 = MetadataValue: 1 = string), 3 = vector, packed floats.
 */

export interface VectraItems {
  ids: string[]
  /** The `content_hash` of each item's metadata. */
  contentHashes: string[]
  /** The vectors one after the other. */
  vectors: Float32Array
}

/** Field numbers and wire types as one number, as the format writes them. */
const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5
const items = (3 << 3) | lengthDelimited
const itemId = (1 << 3) | lengthDelimited
const itemMetadata = (2 << 3) | lengthDelimited
const itemVector = (3 << 3) | lengthDelimited
const entryKey = (1 << 3) | lengthDelimited
const entryValue = (2 << 3) | lengthDelimited
const stringValue = (1 << 3) | lengthDelimited

/** The items of an index file. Throws when it is not one, or a vector does not have `dimensions` numbers. */
export function readVectraIndex(bytes: Buffer, dimensions: number): VectraItems {
  const spans = [...fieldsOf(bytes, 0, bytes.length)].filter(({ tag }) => tag === items)
  const vectors = new Float32Array(spans.length * dimensions)
  // Protobuf and every machine that the app runs on put the lowest byte first.
  const vectorBytes = new Uint8Array(vectors.buffer)
  const ids: string[] = []
  const contentHashes: string[] = []
  for (const [at, { start, end }] of spans.entries()) {
    let id: string | null = null
    let contentHash: string | null = null
    let hasVector = false
    for (const field of fieldsOf(bytes, start, end)) {
      if (field.tag === itemId) id = bytes.toString('utf8', field.start, field.end)
      else if (field.tag === itemMetadata) contentHash ??= contentHashIn(bytes, field)
      else if (field.tag === itemVector) {
        if (field.end - field.start !== dimensions * 4) throw new RangeError('a vector of another length')
        vectorBytes.set(bytes.subarray(field.start, field.end), at * dimensions * 4)
        hasVector = true
      }
    }
    if (id === null || contentHash === null || !hasVector) throw new Error('an item without id, content hash or vector')
    ids.push(id)
    contentHashes.push(contentHash)
  }
  return { ids, contentHashes, vectors }
}

interface Field {
  tag: number
  /** Where a length-delimited field's content lies. */
  start: number
  end: number
}

function contentHashIn(bytes: Buffer, entry: Field): string | null {
  let isContentHash = false
  let value: string | null = null
  for (const field of fieldsOf(bytes, entry.start, entry.end)) {
    if (field.tag === entryKey) isContentHash = bytes.toString('utf8', field.start, field.end) === 'content_hash'
    if (field.tag !== entryValue) continue
    for (const part of fieldsOf(bytes, field.start, field.end)) if (part.tag === stringValue) value = bytes.toString('utf8', part.start, part.end)
  }
  return isContentHash ? value : null
}

/** The fields of a message in order. */
function* fieldsOf(bytes: Buffer, from: number, to: number): Generator<Field> {
  let at = from
  const readVarint = (): number => {
    let value = 0
    // Five groups of seven bits hold every length and tag of such a file.
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= to) throw new RangeError('the file ends within a field')
      const byte = bytes[at++] ?? 0
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('a number too large for a length')
  }
  while (at < to) {
    const tag = readVarint()
    const wireType = tag & 7
    let length: number
    if (wireType === varint) {
      readVarint()
      length = 0
    } else if (wireType === fixed64) length = 8
    else if (wireType === fixed32) length = 4
    else if (wireType === lengthDelimited) length = readVarint()
    else throw new RangeError('an unknown kind of field')
    if (at + length > to) throw new RangeError('the file ends within a field')
    yield { tag, start: at, end: at + length }
    at += length
  }
}
