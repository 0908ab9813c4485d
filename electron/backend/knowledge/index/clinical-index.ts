/**
 * The clinical index on disk: Vectra's LocalIndex, made from the database and made again whenever it is missing, damaged or another model's.
 * It holds vectors and ids, no text. Beside it stands a seal (item count and digest of the index file), written after it: what does not
 * match its seal is not used.
 */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IndexCodec, LocalIndex } from 'vectra'
import { z } from 'zod'
import { digest } from '../passages/digest.js'
import { DurableFileStorage } from './durable-file-storage.js'

export interface ClinicalIndexItem {
  passageId: string
  contentHash: string
  vector: ArrayLike<number>
}

export type ClinicalIndexState = 'valid' | 'missing' | 'damaged'

const seal = z.object({ format: z.literal(1), model: z.string(), items: z.number().int().nonnegative(), digest: z.string() })
const indexName = 'index.pb'
const sealName = 'seal.json'
/** Inserts between two turns of the event loop: Vectra looks through its items at each. */
const insertsATurn = 64

export class ClinicalIndex {
  readonly #folder: string
  readonly #model: string
  readonly #dimensions: number
  readonly #storage = new DurableFileStorage()
  #writing: Promise<void> = Promise.resolve()

  /** `folder` is this model's own; `model` is the key of the model that makes the vectors. */
  constructor(folder: string, model: string, dimensions: number) {
    this.#folder = folder
    this.#model = model
    this.#dimensions = dimensions
  }

  /** The items on disk when they match their seal; otherwise none, with what is wrong. */
  async load(): Promise<{ state: ClinicalIndexState; items: ClinicalIndexItem[] }> {
    await this.#storage.sweepTemporaryFiles(this.#folder)
    const file = join(this.#folder, indexName)
    if (!(await this.#storage.pathExists(file))) return { state: 'missing', items: [] }
    try {
      const sealed = seal.parse(JSON.parse((await this.#storage.readFile(join(this.#folder, sealName))).toString('utf8')))
      if (sealed.model !== this.#model || sealed.digest !== digest(await this.#storage.readFile(file))) return { state: 'damaged', items: [] }
      const items = await (await this.#open()).listItems()
      if (items.length !== sealed.items || items.some((item) => item.vector.length !== this.#dimensions)) return { state: 'damaged', items: [] }
      return { state: 'valid', items: items.map((item) => ({ passageId: item.id, contentHash: String(item.metadata['content_hash']), vector: item.vector })) }
    } catch {
      // Whatever cannot be read is made again from the database.
      return { state: 'damaged', items: [] }
    }
  }

  /** Removes and adds items in one update. One writer: a call waits for the one before. `fresh` starts from an empty index. */
  write(change: { remove: readonly string[]; add: readonly ClinicalIndexItem[]; fresh: boolean }): Promise<void> {
    const written = this.#writing.then(() => this.#write(change))
    this.#writing = written.catch(() => undefined)
    return written
  }

  async #write({ remove, add, fresh }: Parameters<ClinicalIndex['write']>[0]): Promise<void> {
    const index = await this.#open()
    if (fresh) await index.createIndex({ version: 1, deleteIfExists: true })
    await index.beginUpdate()
    try {
      await index.deleteItems(remove)
      for (const [at, item] of add.entries()) {
        await index.insertItem({ id: item.passageId, vector: Array.from(item.vector), metadata: { content_hash: item.contentHash } })
        if (at % insertsATurn === insertsATurn - 1) await nextTurn()
      }
      await index.endUpdate()
    } catch (error) {
      index.cancelUpdate()
      throw error
    }
    const { items } = await index.getIndexStats()
    const content = await this.#storage.readFile(join(this.#folder, indexName))
    await this.#storage.upsertFile(join(this.#folder, sealName), JSON.stringify({ format: 1, model: this.#model, items, digest: digest(content) }))
  }

  /** A LocalIndex for one use: kept, it would hold every vector a second time as numbers of 8 bytes. */
  async #open(): Promise<LocalIndex> {
    // Loaded when needed: the package takes the better part of a second, and searching by keyword does not wait for it.
    const vectra = await import('vectra')
    const codec: IndexCodec = new vectra.ProtobufCodec()
    return new vectra.LocalIndex(this.#folder, indexName, this.#storage, codec)
  }
}
