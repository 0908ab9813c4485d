/**
 * What is ranked: a section, which is a whole short document or a part of a long one, both language sides together. A passage alone says too
 * little to be found by keyword; a book as a whole would hide its chapters. Each section knows the conditions that its titles name.
 */
import type { Language } from '../../../../shared/contract/common.js'
import type { ConditionFinder } from '../conditions/condition-finder.js'
import type { IndexedPassage } from '../passages/document.js'
import { KeywordIndex, type KeywordFields, type KeywordPart } from './keyword-index.js'
import { ReadingMasks } from './reading-masks.js'
import type { ReadingScope } from '../thread/worker-messages.js'
import { VectorTable } from './vector-table.js'

/** A document of more passages a language than this is ranked by parts. */
const wholeDocument = 24
/** Most passages of a part; it ends earlier where the first heading changes. */
const partPassages = 12
/** A condition that one of a document's keywords names counts this much of one that its title names. */
const keywordNames = 0.8
const languages = ['en', 'fr'] as const

export interface Section {
  readonly slot: number
  readonly documentId: string
  /** What it is about, in English where it has that side: the document's title, and of a part its first heading. */
  readonly title: string
  readonly passages: readonly IndexedPassage[]
}

interface KeptSection extends Section {
  readonly fields: Partial<Record<Language, KeywordFields>>
  /** By condition that it names: how much that counts. */
  readonly conditions: ReadonlyMap<number, number>
}

export class SectionTable {
  readonly #conditions: ConditionFinder
  readonly #keywords = { en: new KeywordIndex('en'), fr: new KeywordIndex('fr') }
  readonly #masks = new ReadingMasks()
  /** By document: its passages by id, and its sections. */
  readonly #documents = new Map<string, { passages: Map<string, IndexedPassage>; sections: KeptSection[] }>()
  readonly #bySlot: (KeptSection | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #byPassage = new Map<string, KeptSection>()
  readonly #byCondition = new Map<number, Set<KeptSection>>()
  /** The vectors of the titles, by section slot. */
  #titles: VectorTable | null = null
  /** Documents whose sections are not those of their passages any more. */
  readonly #changed = new Set<string>()

  constructor(conditions: ConditionFinder) {
    this.#conditions = conditions
  }

  /** Begins to keep vectors of the titles. */
  keepTitles(dimensions: number): void {
    this.#titles = new VectorTable(dimensions)
  }

  /** The titles of all sections. */
  titles(): Set<string> {
    return new Set(this.#bySlot.flatMap((section) => section?.title ?? []))
  }

  /** Sections whose title has no vector yet. */
  untitled(): Section[] {
    return this.#bySlot.filter((section) => section !== undefined && this.#titles?.has(section.slot) === false) as Section[]
  }

  /** Keeps the vector of a section's title, where the section is still there. */
  setTitleVector(section: Section, vector: ArrayLike<number>): void {
    if (this.#bySlot[section.slot] === section) this.#titles?.set(section.slot, vector)
  }

  /** The sections whose titles are nearest to a vector, among those that may be read. */
  byTitle(vector: Float32Array, scope: ReadingScope, limit: { count: number; minimum: number }): Section[] {
    const hits = this.#titles?.nearest(vector, limit.count, limit.minimum, this.#masks.maskFor(scope)) ?? []
    return hits.flatMap(({ slot }) => this.#bySlot[slot] ?? [])
  }

  /** The cosine of a section's title, or null where there is none. */
  titleCosine(section: Section, vector: Float32Array): number | null {
    return this.#titles?.has(section.slot) === true ? this.#titles.score(vector, section.slot) : null
  }

  /** Adds a passage, or puts it in the place of the one with its id. Sections follow with `refresh`. */
  add(passage: IndexedPassage): void {
    const document = this.#documents.get(passage.documentId)
    if (document) document.passages.set(passage.passageId, passage)
    else this.#documents.set(passage.documentId, { passages: new Map([[passage.passageId, passage]]), sections: [] })
    this.#changed.add(passage.documentId)
  }

  remove(passage: IndexedPassage): void {
    this.#documents.get(passage.documentId)?.passages.delete(passage.passageId)
    this.#changed.add(passage.documentId)
  }

  /** Brings the sections of changed documents up to date; tells whether there were any. */
  refresh(): boolean {
    const changed = this.#changed.size > 0
    for (const documentId of this.#changed) {
      const document = this.#documents.get(documentId)
      if (!document) continue
      for (const section of document.sections) this.#drop(section)
      const parts = divide([...document.passages.values()])
      document.sections = parts.map((passages) => this.#keep(documentId, passages, parts.length > 1))
      if (document.passages.size === 0) this.#documents.delete(documentId)
    }
    this.#changed.clear()
    return changed
  }

  /** Every term of the sections of a language. */
  terms(language: Language): Iterable<string> {
    return this.#keywords[language].terms()
  }

  /** The section that a passage belongs to. */
  sectionOf(passageId: string): Section | undefined {
    return this.#byPassage.get(passageId)
  }

  /** How telling a term is among the sections of a language. */
  inverseFrequency(term: string, language: Language): number {
    return this.#keywords[language].inverseFrequency(term)
  }

  /** Sections that share terms with a query in one language, among those that may be read, with the share of the BM25 that it could reach. */
  byKeyword(query: string | readonly KeywordPart[], language: Language, scope: ReadingScope, limit: { count: number; minimum: number }): Map<Section, number> {
    const hits = this.#keywords[language].search(query, this.#masks.maskFor(scope), limit)
    return new Map(hits.flatMap(({ slot, score }) => {
      const section = this.#bySlot[slot]
      return section ? [[section, score] as const] : []
    }))
  }

  /** Sections on the conditions that a question's words may point to, among those that may be read, with the share of the question that these hold. */
  byCondition(question: string, language: Language, scope: ReadingScope, limit: { count: number; minimum: number }): Map<Section, number> {
    const readable = this.#masks.maskFor(scope)
    const found = new Map<Section, number>()
    for (const { condition, share } of this.#conditions.find(question, language)) {
      if (share < limit.minimum || found.size >= limit.count) break
      for (const section of this.#byCondition.get(condition) ?? []) {
        const counted = share * (section.conditions.get(condition) ?? 0)
        if (readable[section.slot] === 1 && counted > (found.get(section) ?? 0)) found.set(section, counted)
      }
    }
    return found
  }

  #keep(documentId: string, passages: IndexedPassage[], isPart: boolean): KeptSection {
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length
    const fields: Partial<Record<Language, KeywordFields>> = {}
    const conditions = new Map<number, number>()
    const name = (text: string, language: Language, weight: number): void => {
      for (const condition of this.#conditions.namedIn(text, language)) conditions.set(condition, Math.max(weight, conditions.get(condition) ?? 0))
    }
    for (const language of languages) {
      const side = passages.filter((passage) => passage.lang === language)
      const [first] = side
      if (!first) continue
      const headings = [...new Set(side.map((passage) => passage.heading))].join('\n')
      fields[language] = { title: first.title, heading: headings, content: side.map((passage) => passage.content).join('\n'), keywords: first.keywords }
      name(first.title, language, 1)
      if (conditions.size === 0) name(firstHeading(first), language, 1)
      for (const keyword of first.keywords) name(keyword, language, keywordNames)
    }
    const section: KeptSection = { slot, documentId, title: titleOf(passages, isPart), passages, fields, conditions }
    this.#bySlot[slot] = section
    const [any] = passages
    if (any) this.#masks.set(slot, any)
    for (const language of languages) {
      const ofSide = fields[language]
      if (ofSide) this.#keywords[language].add(slot, ofSide)
    }
    for (const passage of passages) this.#byPassage.set(passage.passageId, section)
    for (const condition of conditions.keys()) {
      const known = this.#byCondition.get(condition)
      if (known) known.add(section)
      else this.#byCondition.set(condition, new Set([section]))
    }
    return section
  }

  #drop(section: KeptSection): void {
    for (const language of languages) {
      const ofSide = section.fields[language]
      if (ofSide) this.#keywords[language].remove(section.slot, ofSide)
    }
    for (const passage of section.passages) if (this.#byPassage.get(passage.passageId) === section) this.#byPassage.delete(passage.passageId)
    for (const condition of section.conditions.keys()) this.#byCondition.get(condition)?.delete(section)
    this.#masks.delete(section.slot)
    this.#titles?.delete(section.slot)
    this.#bySlot[section.slot] = undefined
    this.#freeSlots.push(section.slot)
  }
}

const firstHeading = (passage: IndexedPassage): string => passage.heading.split(' > ')[0] ?? ''

function titleOf(passages: readonly IndexedPassage[], isPart: boolean): string {
  const first = passages.find((passage) => passage.lang === 'en') ?? passages[0]
  if (!first) return ''
  return isPart && first.heading !== '' ? `${first.title}. ${firstHeading(first)}` : first.title
}

/** A document's passages by section, in order. */
function divide(passages: IndexedPassage[]): IndexedPassage[][] {
  if (passages.length === 0) return []
  const sides = languages.map((language) => passages.filter((passage) => passage.lang === language).sort((one, other) => one.ordinal - other.ordinal))
  if (sides.every((side) => side.length <= wholeDocument)) return [sides.flat()]
  return sides.flatMap((side) => {
    const parts: IndexedPassage[][] = []
    for (const passage of side) {
      const part = parts.at(-1)
      const last = part?.at(-1)
      if (!part || !last || part.length >= partPassages || firstHeading(last) !== firstHeading(passage)) parts.push([passage])
      else part.push(passage)
    }
    return parts
  })
}
