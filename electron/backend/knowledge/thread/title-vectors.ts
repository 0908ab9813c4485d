/**
 * The vectors of section titles, by a digest of the title, so that they lie in the clinical index beside those of the passages and are made
 * once. An item of the index is a title's when its id says so.
 */
import type { ClinicalIndexItem } from '../index/clinical-index.js'
import { digest } from '../passages/digest.js'

const mark = 'title:'

export class TitleVectors {
  readonly #vectors = new Map<string, Float32Array>()
  /** What the index on disk lacks and what it has too much. */
  readonly #unsaved = { add: new Set<string>(), remove: new Set<string>() }

  static isTitle(itemId: string): boolean {
    return itemId.startsWith(mark)
  }

  /** Takes a title's vector from the index. */
  take({ passageId, vector }: ClinicalIndexItem): void {
    this.#vectors.set(passageId, vector.slice())
  }

  /** The vectors of titles in order; `embed` makes those that are not known. */
  async of(titles: readonly string[], embed: (titles: string[]) => Promise<Float32Array[]>): Promise<Float32Array[]> {
    const unknown = [...new Set(titles)].filter((title) => !this.#vectors.has(idOf(title)))
    const made = unknown.length > 0 ? await embed(unknown) : []
    for (const [at, title] of unknown.entries()) {
      const vector = made[at]
      if (!vector) continue
      this.#vectors.set(idOf(title), vector)
      this.#unsaved.remove.delete(idOf(title))
      this.#unsaved.add.add(idOf(title))
    }
    return titles.map((title) => {
      const vector = this.#vectors.get(idOf(title))
      if (!vector) throw new Error('the model gave no vector')
      return vector
    })
  }

  /** Whether there is anything to save. */
  get hasUnsaved(): boolean {
    return this.#unsaved.add.size > 0 || this.#unsaved.remove.size > 0
  }

  /** Forgets the vectors of all other titles. */
  keepOnly(titles: Iterable<string>): void {
    const kept = new Set<string>()
    for (const title of titles) kept.add(idOf(title))
    for (const id of this.#vectors.keys()) {
      if (kept.has(id)) continue
      this.#vectors.delete(id)
      if (!this.#unsaved.add.delete(id)) this.#unsaved.remove.add(id)
    }
  }

  /** What changed since it was last asked. */
  takeUnsaved(): { remove: string[]; add: ClinicalIndexItem[] } {
    const remove = [...this.#unsaved.remove]
    const add = [...this.#unsaved.add].flatMap((id) => {
      const vector = this.#vectors.get(id)
      return vector ? [{ passageId: id, contentHash: id.slice(mark.length), vector }] : []
    })
    this.#unsaved.remove.clear()
    this.#unsaved.add.clear()
    return { remove, add }
  }
}

const idOf = (title: string): string => mark + digest(title)
