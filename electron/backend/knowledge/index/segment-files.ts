/** The files of one segment of the clinical index, and how a torn or foreign one is told. */
import { join } from 'node:path'
import { z } from 'zod'
import { digest } from '../passages/digest.js'
import { DurableFileStorage } from './durable-file-storage.js'
import { readVectraIndex, type VectraItems } from './vectra-reader.js'

export const indexName = 'index.pb'
const sealName = 'seal.json'

/** What the index file may be: as it was written last, or as it is being written now. */
const seal = z.object({ format: z.literal(2), model: z.string(), digests: z.array(z.string()).min(1).max(2) })

/** The items of a segment, their vectors in `room` where it is large enough. Throws when its file is missing, torn, another model's or not what was written. */
export async function readSegment(
  storage: DurableFileStorage,
  folder: string,
  { model, dimensions }: { model: string; dimensions: number },
  room?: Float32Array<ArrayBuffer>,
): Promise<VectraItems> {
  await storage.sweepTemporaryFiles(folder)
  const [sealed, bytes] = await Promise.all([readSeal(storage, folder), storage.readFile(join(folder, indexName))])
  if (sealed.model !== model || !sealed.digests.includes(digest(bytes))) throw new Error('the index file is not what was sealed')
  return readVectraIndex(bytes, dimensions, room)
}

/**
 * File storage for writing a segment: before an index file is replaced the seal comes to hold the digests of the old one and the new one, so that
 * after a kill at any moment the file there is known to be whole.
 */
export class SealedFileStorage extends DurableFileStorage {
  readonly #folder: string
  readonly #model: string

  constructor(folder: string, model: string) {
    super()
    this.#folder = folder
    this.#model = model
  }

  override async upsertFile(filePath: string, content: Buffer | string): Promise<void> {
    if (filePath === join(this.#folder, indexName)) {
      const before = (await this.pathExists(filePath)) ? [digest(await this.readFile(filePath))] : []
      const sealed: z.infer<typeof seal> = { format: 2, model: this.#model, digests: [...new Set([digest(content), ...before])] }
      await super.upsertFile(join(this.#folder, sealName), JSON.stringify(sealed))
    }
    await super.upsertFile(filePath, content)
  }
}

async function readSeal(storage: DurableFileStorage, folder: string): Promise<z.infer<typeof seal>> {
  return seal.parse(JSON.parse((await storage.readFile(join(folder, sealName))).toString('utf8')))
}
