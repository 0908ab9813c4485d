/** Writes one segment of the clinical index with Vectra. Runs in a thread of its own: loading Vectra takes the better part of a second. */
import { LocalIndex, ProtobufCodec } from 'vectra'
import { indexName, SealedFileStorage } from './segment-files.js'

/** A change of one segment; vectors lie one after the other, as many as ids. */
export interface SegmentChange {
  folder: string
  model: string
  remove: string[]
  ids: string[]
  contentHashes: string[]
  vectors: Float32Array
}

/** Removes items and adds or replaces others in one update of the segment, which is made when it is not there. */
export async function writeSegment({ folder, model, remove, ids, contentHashes, vectors }: SegmentChange): Promise<void> {
  const index = new LocalIndex(folder, indexName, new SealedFileStorage(folder, model), new ProtobufCodec())
  if (!(await index.isIndexCreated())) await index.createIndex({ version: 1 })
  const dimensions = vectors.length / Math.max(1, ids.length)
  await index.beginUpdate()
  await index.deleteItems([...remove, ...ids])
  for (const [at, id] of ids.entries()) {
    await index.insertItem({ id, vector: [...vectors.subarray(at * dimensions, (at + 1) * dimensions)], metadata: { content_hash: contentHashes[at] ?? '' } })
  }
  await index.endUpdate()
}
