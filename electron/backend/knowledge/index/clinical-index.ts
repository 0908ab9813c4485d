/**
 * The clinical index on disk, made from the database and made again wherever it is missing, damaged or another model's. It holds vectors and ids,
 * no text. It lies in segments of some thousand items, each a Vectra index: a change rewrites the segments that it touches and no more, and
 * what is lost with a damaged file is one segment.
 */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DurableFileStorage } from './durable-file-storage.js'
import { IndexWriter } from './index-writer.js'
import { indexName, readSegment } from './segment-files.js'

export interface ClinicalIndexItem {
  passageId: string
  contentHash: string
  vector: Float32Array
}

/** `damaged`: a part could not be used and was removed. */
export type ClinicalIndexState = 'valid' | 'missing' | 'damaged'

export interface ClinicalIndexOptions {
  /** This model's own folder. */
  folder: string
  /** Key of the model that makes the vectors. */
  model: string
  dimensions: number
  /** Most items of a segment. Vectra looks through all of a segment's at each that it adds. */
  segmentItems?: number
  writer?: IndexWriter
}

const segmentName = /^segment-(\d{4,})$/

export class ClinicalIndex {
  readonly #options: Required<ClinicalIndexOptions>
  readonly #storage = new DurableFileStorage()
  /** How many items each segment on disk has, wanted or not. */
  readonly #segments = new Map<number, number>()
  readonly #segmentOf = new Map<string, number>()
  /** Items on disk that leave with the next write. */
  readonly #unwanted = new Map<number, Set<string>>()
  #writing: Promise<void> = Promise.resolve()

  constructor(options: ClinicalIndexOptions) {
    this.#options = { segmentItems: 1000, writer: new IndexWriter(), ...options }
  }

  /**
   * Reads what is on disk, segment by segment with a turn of the event loop between; `keep` takes each item and says whether it is wanted.
   * A vector holds until `keep` returns. Call it once, before any write.
   */
  async load(keep: (item: ClinicalIndexItem) => boolean): Promise<ClinicalIndexState> {
    const { folder, dimensions, segmentItems } = this.#options
    const numbers = await this.#storedSegments()
    const room = new Float32Array(segmentItems * dimensions)
    let state: ClinicalIndexState = 'missing'
    for (const number of numbers) {
      const segmentFolder = join(folder, nameOf(number))
      if (!(await this.#storage.pathExists(join(segmentFolder, indexName)))) {
        // A kill came before the segment's first write was done.
        await this.#storage.deleteFolder(segmentFolder)
        continue
      }
      const items = await readSegment(this.#storage, segmentFolder, this.#options, room).catch(() => null)
      if (items === null) {
        // Whatever cannot be read is made again from the database.
        await this.#storage.deleteFolder(segmentFolder)
        state = 'damaged'
        continue
      }
      if (state === 'missing') state = 'valid'
      this.#segments.set(number, items.ids.length)
      for (const [at, passageId] of items.ids.entries()) {
        const vector = items.vectors.subarray(at * dimensions, (at + 1) * dimensions)
        if (!this.#segmentOf.has(passageId) && keep({ passageId, contentHash: items.contentHashes[at] ?? '', vector })) this.#segmentOf.set(passageId, number)
        else this.#doNotWant(passageId, number)
      }
      await nextTurn()
    }
    return state
  }

  /** Whether the next write has anything to remove that `load` found and nobody wanted. */
  get hasUnwanted(): boolean {
    return this.#unwanted.size > 0
  }

  /**
   * Removes items and adds others; one that is there under its id is replaced. One writer: a call waits for the one before. Rejects when a part
   * could not be written; the other parts are.
   */
  write(change: { remove: readonly string[]; add: readonly ClinicalIndexItem[] }): Promise<void> {
    const written = this.#writing.then(() => this.#write(change))
    this.#writing = written.catch(() => undefined)
    return written
  }

  /** Waits for what is being written and ends the thread that writes. */
  async close(): Promise<void> {
    await this.#writing
    await this.#options.writer.close()
  }

  async #write({ remove, add }: Parameters<ClinicalIndex['write']>[0]): Promise<void> {
    for (const passageId of [...remove, ...add.map((item) => item.passageId)]) {
      const number = this.#segmentOf.get(passageId)
      if (number === undefined) continue
      this.#segmentOf.delete(passageId)
      this.#doNotWant(passageId, number)
    }
    const additions = this.#distribute(new Map(add.map((item) => [item.passageId, item])))
    const failures: unknown[] = []
    for (const number of [...new Set([...this.#unwanted.keys(), ...additions.keys()])].sort((one, other) => one - other)) {
      await this.#writeSegment(number, additions.get(number) ?? []).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  /** Gives each item a segment with room, a new one when there is none. */
  #distribute(items: ReadonlyMap<string, ClinicalIndexItem>): Map<number, ClinicalIndexItem[]> {
    const additions = new Map<number, ClinicalIndexItem[]>()
    const rest = [...items.values()]
    for (let number = 0; rest.length > 0; number++) {
      const room = this.#options.segmentItems - (this.#segments.get(number) ?? 0) + (this.#unwanted.get(number)?.size ?? 0)
      if (room > 0) additions.set(number, rest.splice(0, room))
    }
    return additions
  }

  async #writeSegment(number: number, add: readonly ClinicalIndexItem[]): Promise<void> {
    const { folder, model, dimensions, writer } = this.#options
    const remove = [...(this.#unwanted.get(number) ?? [])]
    const vectors = new Float32Array(add.length * dimensions)
    for (const [at, { vector }] of add.entries()) vectors.set(vector, at * dimensions)
    await writer.write({ folder: join(folder, nameOf(number)), model, remove, ids: add.map((item) => item.passageId), contentHashes: add.map((item) => item.contentHash), vectors })
    this.#unwanted.delete(number)
    this.#segments.set(number, (this.#segments.get(number) ?? 0) - remove.length + add.length)
    for (const { passageId } of add) this.#segmentOf.set(passageId, number)
  }

  #doNotWant(passageId: string, number: number): void {
    const unwanted = this.#unwanted.get(number)
    if (unwanted) unwanted.add(passageId)
    else this.#unwanted.set(number, new Set([passageId]))
  }

  async #storedSegments(): Promise<number[]> {
    if (!(await this.#storage.pathExists(this.#options.folder))) return []
    const folders = await this.#storage.listFiles(this.#options.folder, 'folders')
    return folders.flatMap(({ name }) => Number(segmentName.exec(name)?.[1] ?? NaN)).filter((number) => !Number.isNaN(number)).sort((one, other) => one - other)
  }
}

const nameOf = (number: number): string => `segment-${String(number).padStart(4, '0')}`
