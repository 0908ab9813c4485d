/** The passages that the knowledge thread holds, and how they are brought into step with those of the database. */
import type { Language } from '../../../../shared/contract/common.js'
import type { IndexedPassage } from '../passages/document.js'

export interface DocumentProgress {
  documentId: string
  /** Its passages, and those of them that have a vector. */
  total: number
  done: number
}

export class HeldPassages {
  readonly #passages = new Map<string, IndexedPassage>()
  readonly #byDocument = new Map<string, Set<string>>()
  /** The document that is being brought into step, null for all, and its passages that came. */
  #sync: { documentId: string | null; seen: Set<string> } | null = null

  get(passageId: string): IndexedPassage | undefined {
    return this.#passages.get(passageId)
  }

  /** Begins to bring one document, or all with null, into step. */
  begin(documentId: string | null): void {
    this.#sync = { documentId, seen: new Set() }
  }

  /** Takes passages of the database; gives those that are new or not as they were. */
  take(passages: readonly IndexedPassage[]): IndexedPassage[] {
    return passages.filter((passage) => {
      this.#sync?.seen.add(passage.passageId)
      const before = this.#passages.get(passage.passageId)
      if (before && isSame(before, passage)) return false
      if (before) this.#forget(before)
      this.#passages.set(passage.passageId, passage)
      const ofDocument = this.#byDocument.get(passage.documentId)
      if (ofDocument) ofDocument.add(passage.passageId)
      else this.#byDocument.set(passage.documentId, new Set([passage.passageId]))
      return true
    })
  }

  /** Ends it: forgets the passages that did not come, and gives their ids. */
  end(): string[] {
    if (!this.#sync) return []
    const { documentId, seen } = this.#sync
    this.#sync = null
    const candidates = documentId === null ? [...this.#passages.keys()] : [...(this.#byDocument.get(documentId) ?? [])]
    const gone = candidates.filter((passageId) => !seen.has(passageId))
    for (const passageId of gone) {
      const passage = this.#passages.get(passageId)
      if (passage) this.#forget(passage)
    }
    return gone
  }

  /** How far each document is, or one. */
  progress(documentId: string | null, hasVector: (passageId: string) => boolean): DocumentProgress[] {
    const documents = documentId === null ? [...this.#byDocument] : [[documentId, this.#byDocument.get(documentId) ?? new Set<string>()] as const]
    return documents.map(([id, passageIds]) => {
      let done = 0
      for (const passageId of passageIds) if (hasVector(passageId)) done++
      return { documentId: id, total: passageIds.size, done }
    })
  }

  /**
   * The passages whose vectors say something: those in a language that the model understands, and those of documents that have no such side.
   * The other side of a paired article is found through its pair.
   */
  toEmbed(languages: readonly Language[]): IndexedPassage[] {
    const understood = new Set<string>()
    for (const { lang, documentId } of this.#passages.values()) if (languages.includes(lang)) understood.add(documentId)
    return [...this.#passages.values()].filter(({ lang, documentId }) => languages.includes(lang) || !understood.has(documentId))
  }

  #forget({ passageId, documentId }: IndexedPassage): void {
    this.#passages.delete(passageId)
    const ofDocument = this.#byDocument.get(documentId)
    ofDocument?.delete(passageId)
    if (ofDocument?.size === 0) this.#byDocument.delete(documentId)
  }
}

function isSame(one: IndexedPassage, other: IndexedPassage): boolean {
  const { keywords, ...fields } = one
  for (const [name, value] of Object.entries(fields)) if (other[name as keyof typeof fields] !== value) return false
  return other.page === one.page && keywords.length === other.keywords.length && keywords.every((keyword, at) => keyword === other.keywords[at])
}
