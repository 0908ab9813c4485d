/**
 * Reads the protobuf file of a Vectra index (node_modules/vectra/lib/codecs/schemas/index.proto) straight into one Float32Array. Vectra's own
 * reader makes an object and an array of doubles of each item: 2 s and several times the memory at 50,000 items.
 */
import { lengthDelimitedTag, ProtobufFields } from './protobuf-fields.js'

export interface VectraItems {
  ids: string[]
  /** The `content_hash` of each item's metadata. */
  contentHashes: string[]
  /** The vectors one after the other. */
  vectors: Float32Array<ArrayBuffer>
}

/** Of IndexData. */
const items = lengthDelimitedTag(3)
/** Of IndexItem; metadata is a map entry. */
const itemId = lengthDelimitedTag(1)
const itemMetadata = lengthDelimitedTag(2)
const itemVector = lengthDelimitedTag(3)
/** Of a map entry. */
const entryKey = lengthDelimitedTag(1)
const entryValue = lengthDelimitedTag(2)
/** Of MetadataValue. */
const stringValue = lengthDelimitedTag(1)

/**
 * The items of an index file; the vectors lie in `room` where it is large enough, which spares the system making memory for each of many files.
 * Throws when it is not such a file, or a vector does not have `dimensions` numbers.
 */
export function readVectraIndex(bytes: Buffer, dimensions: number, room?: Float32Array<ArrayBuffer>): VectraItems {
  const ids: string[] = []
  const contentHashes: string[] = []
  const numbers = countItems(bytes) * dimensions
  const vectors = room && room.length >= numbers ? room.subarray(0, numbers) : new Float32Array(numbers)
  // Protobuf and every machine that the app runs on put the lowest byte first.
  const vectorBytes = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)
  const index = new ProtobufFields(bytes, 0, bytes.length)
  while (index.next()) {
    if (index.tag !== items) continue
    let id: string | null = null
    let contentHash: string | null = null
    let hasVector = false
    const item = new ProtobufFields(bytes, index.start, index.end)
    while (item.next()) {
      if (item.tag === itemId) id = bytes.toString('utf8', item.start, item.end)
      else if (item.tag === itemMetadata) contentHash ??= contentHashIn(bytes, item.start, item.end)
      else if (item.tag === itemVector) {
        if (item.end - item.start !== dimensions * 4) throw new RangeError('a vector of another length')
        vectorBytes.set(bytes.subarray(item.start, item.end), ids.length * dimensions * 4)
        hasVector = true
      }
    }
    if (id === null || contentHash === null || !hasVector) throw new Error('an item without id, content hash or vector')
    ids.push(id)
    contentHashes.push(contentHash)
  }
  return { ids, contentHashes, vectors }
}

function countItems(bytes: Buffer): number {
  let count = 0
  const index = new ProtobufFields(bytes, 0, bytes.length)
  while (index.next()) if (index.tag === items) count++
  return count
}

/** The value of a map entry when its key is `content_hash` and it is text. */
function contentHashIn(bytes: Buffer, from: number, to: number): string | null {
  let isContentHash = false
  let value: string | null = null
  const entry = new ProtobufFields(bytes, from, to)
  while (entry.next()) {
    if (entry.tag === entryKey) isContentHash = bytes.toString('utf8', entry.start, entry.end) === 'content_hash'
    else if (entry.tag === entryValue) {
      const parts = new ProtobufFields(bytes, entry.start, entry.end)
      while (parts.next()) if (parts.tag === stringValue) value = bytes.toString('utf8', parts.start, parts.end)
    }
  }
  return isContentHash ? value : null
}
