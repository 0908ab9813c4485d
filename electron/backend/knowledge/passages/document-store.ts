/** Documents, passages and cached embeddings in the database. */
import { and, asc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Language } from '../../../../shared/contract/common.js'
import type { QueryRunner } from '../../database/database.js'
import { digest } from './digest.js'
import { embeddedText, type Audience, type IngestedDocument } from './document.js'
import { passagePageSql, type PassagePage } from './passage-page.js'
import { splitPassages, type PassageSpan } from './split-passages.js'
import { documents, embeddings, passages } from './tables.js'

/** What the store needs of the database; `Database` gives it. */
export interface KnowledgeDatabase extends QueryRunner {
  transaction<Result>(work: (transaction: QueryRunner) => Promise<Result>): Promise<Result>
}

export interface IngestReport {
  added: number
  changed: number
  removed: number
  unchanged: number
}

export type StoredDocument = typeof documents.$inferSelect
/** A document without its text, for lists. */
export type DocumentSummary = Pick<StoredDocument, 'documentId' | 'kind' | 'title' | 'lang' | 'topic' | 'department' | 'audience' | 'ownerId' | 'reviewedBy' | 'reviewed' | 'updated'>

/** Raised when the way of splitting changes, so that every document is split anew. */
const splittingVersion = 1
const rowsAStatement = 200
const passagesAPage = 1000

export class DocumentStore {
  readonly #database: KnowledgeDatabase

  constructor(database: KnowledgeDatabase) {
    this.#database = database
  }

  /** Begins to bring the documents of one kind, people's own apart, to a new set, batch by batch. Unchanged ones cost one comparison of digests. */
  async replace(kind: IngestedDocument['kind']): Promise<DocumentReplacement> {
    const stored = await this.#database.drizzle
      .select({ documentId: documents.documentId, lang: documents.lang, contentHash: documents.contentHash })
      .from(documents)
      .where(and(eq(documents.kind, kind), isNull(documents.ownerId)))
    return new DocumentReplacement(this.#database, stored)
  }

  /** Every passage, or those of one document, page by page; a document's in order. The next page is read while one is used. */
  async *passagePages(documentId: string | null): AsyncGenerator<PassagePage> {
    const read = async ([fromDocument, lang, ordinal]: [string, string, number]): Promise<{ passages: string | null; documents: string | null; last: string | null } | undefined> =>
      (await this.#database.query<{ passages: string | null; documents: string | null; last: string | null }>(passagePageSql, [documentId, fromDocument, lang, ordinal, passagesAPage]))[0]
    let next = read(['', '', 0])
    for (let page = await next; page?.last; page = await next) {
      const { passages: rows, documents: titles, last } = page
      next = read(JSON.parse(last) as [string, string, number])
      // Whoever stops in the middle does not wait for it.
      next.catch(() => undefined)
      yield { passages: rows ?? '[]', documents: titles ?? '[]' }
    }
  }

  /** Titles and keywords of the documents that everybody may read. */
  async readPublicTitles(): Promise<Pick<StoredDocument, 'documentId' | 'lang' | 'title' | 'keywords'>[]> {
    return this.#database.drizzle
      .select({ documentId: documents.documentId, lang: documents.lang, title: documents.title, keywords: documents.keywords })
      .from(documents)
      .where(eq(documents.audience, 'public'))
  }

  /** Writes a document that stands on its own, within the caller's transaction; `spans` are its passages. */
  async add(document: IngestedDocument, spans: readonly PassageSpan[], queries: QueryRunner): Promise<void> {
    await writeDocument(queries, document, documentHash(document), spans)
  }

  /** Erases a document with its passages, and the embeddings that nothing else refers to, within the caller's transaction. */
  async erase(documentId: string, { drizzle }: QueryRunner): Promise<void> {
    const gone = await drizzle.select({ contentHash: passages.contentHash }).from(passages).where(eq(passages.documentId, documentId))
    await drizzle.delete(documents).where(eq(documents.documentId, documentId))
    for (const part of chunks(gone.map((row) => row.contentHash))) {
      const used = drizzle.select({ contentHash: passages.contentHash }).from(passages).where(inArray(passages.contentHash, part))
      await drizzle.delete(embeddings).where(and(inArray(embeddings.contentHash, part), notInArray(embeddings.contentHash, used)))
    }
  }

  /** Changes who may read a document, within the caller's transaction. */
  async setAudience(documentId: string, audience: Audience, ownerId: string | null, { drizzle }: QueryRunner): Promise<void> {
    await drizzle.update(documents).set({ audience, ownerId }).where(eq(documents.documentId, documentId))
    await drizzle.update(passages).set({ audience, ownerId }).where(eq(passages.documentId, documentId))
  }

  /** The passages of one side of a document, in order. */
  async readDocumentPassages(documentId: string, lang: Language): Promise<(typeof passages.$inferSelect)[]> {
    return this.#database.drizzle
      .select()
      .from(passages)
      .where(and(eq(passages.documentId, documentId), eq(passages.lang, lang)))
      .orderBy(asc(passages.ordinal))
  }

  /** One document with its whole text, or null. */
  async readDocument(documentId: string, lang: Language): Promise<StoredDocument | null> {
    const rows = await this.#database.drizzle
      .select()
      .from(documents)
      .where(and(eq(documents.documentId, documentId), eq(documents.lang, lang)))
    return rows[0] ?? null
  }

  /** The languages in which a document exists. */
  async readLanguages(documentId: string): Promise<Language[]> {
    const rows = await this.#database.drizzle.select({ lang: documents.lang }).from(documents).where(eq(documents.documentId, documentId)).orderBy(asc(documents.lang))
    return rows.map((row) => row.lang)
  }

  /** Every document in every language, without texts. */
  async listDocuments(): Promise<DocumentSummary[]> {
    return this.#database.drizzle
      .select({
        documentId: documents.documentId,
        kind: documents.kind,
        title: documents.title,
        lang: documents.lang,
        topic: documents.topic,
        department: documents.department,
        audience: documents.audience,
        ownerId: documents.ownerId,
        reviewedBy: documents.reviewedBy,
        reviewed: documents.reviewed,
        updated: documents.updated,
      })
      .from(documents)
      .orderBy(asc(documents.kind), asc(documents.title))
  }

  /** Cached embeddings of these contents by this model. */
  async readEmbeddings(model: string, contentHashes: readonly string[]): Promise<Map<string, Float32Array>> {
    const found = new Map<string, Float32Array>()
    for (const hashes of chunks(contentHashes)) {
      const rows = await this.#database.drizzle
        .select({ contentHash: embeddings.contentHash, embedding: embeddings.embedding })
        .from(embeddings)
        .where(and(eq(embeddings.model, model), inArray(embeddings.contentHash, hashes)))
      for (const row of rows) found.set(row.contentHash, bytesToVector(row.embedding))
    }
    return found
  }

  /** Keeps embeddings by content and model. */
  async writeEmbeddings(model: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    const rows = [...vectors].map(([contentHash, vector]) => ({ contentHash, model, embedding: vectorToBytes(vector) }))
    for (const part of chunks(rows)) await this.#database.drizzle.insert(embeddings).values(part).onConflictDoNothing()
  }

  /** Removes embeddings of other models and of passages that are gone. */
  async sweepEmbeddings(model: string): Promise<void> {
    const used = this.#database.drizzle.select({ contentHash: passages.contentHash }).from(passages)
    await this.#database.drizzle.delete(embeddings).where(sql`${embeddings.model} <> ${model} or ${notInArray(embeddings.contentHash, used)}`)
  }
}

/** A new set of documents of one kind on its way in: `put` every document, then `finish` once to remove what was not put. */
export class DocumentReplacement {
  readonly report: IngestReport = { added: 0, changed: 0, removed: 0, unchanged: 0 }
  readonly #database: KnowledgeDatabase
  readonly #stored: readonly { documentId: string; lang: Language; contentHash: string }[]
  readonly #storedHashes: ReadonlyMap<string, string>
  readonly #seen = new Set<string>()

  constructor(database: KnowledgeDatabase, stored: readonly { documentId: string; lang: Language; contentHash: string }[]) {
    this.#database = database
    this.#stored = stored
    this.#storedHashes = new Map(stored.map((row) => [documentKey(row), row.contentHash]))
  }

  /** Writes the new and changed documents of a batch in one transaction. A document that was put before is not written again. */
  async put(batch: readonly IngestedDocument[]): Promise<void> {
    const writes: { document: IngestedDocument; hash: string }[] = []
    for (const document of batch) {
      const key = documentKey(document)
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      const hash = documentHash(document)
      const before = this.#storedHashes.get(key)
      if (before === hash) this.report.unchanged++
      else {
        writes.push({ document, hash })
        if (before === undefined) this.report.added++
        else this.report.changed++
      }
    }
    if (writes.length === 0) return
    await this.#database.transaction(async (transaction) => {
      for (const { document, hash } of writes) await writeDocument(transaction, document, hash)
    })
  }

  /** Removes the documents that were not put. */
  async finish(): Promise<IngestReport> {
    const gone = this.#stored.filter((row) => !this.#seen.has(documentKey(row)))
    await this.#database.transaction(async ({ drizzle }) => {
      for (const row of gone) await drizzle.delete(documents).where(and(eq(documents.documentId, row.documentId), eq(documents.lang, row.lang)))
    })
    this.report.removed = gone.length
    return this.report
  }
}

async function writeDocument({ drizzle }: QueryRunner, document: IngestedDocument, contentHash: string, spans?: readonly PassageSpan[]): Promise<void> {
  const { documentId, lang } = document
  const before = await drizzle
    .select({ passageId: passages.passageId, contentHash: passages.contentHash })
    .from(passages)
    .where(and(eq(passages.documentId, documentId), eq(passages.lang, lang)))
  // A passage whose text stays keeps its id, so that an answer that cited it still opens.
  const keptIds = new Map(before.map((row) => [row.contentHash, row.passageId]))
  await drizzle.delete(documents).where(and(eq(documents.documentId, documentId), eq(documents.lang, lang)))
  await drizzle.insert(documents).values({ ...document, contentHash })
  const rows = (spans ?? splitPassages(document.content, lang)).map((span, ordinal) => {
    const content = document.content.slice(span.start, span.end)
    const passageHash = digest(embeddedText({ title: document.title, heading: span.heading, content }))
    const passageId = keptIds.get(passageHash) ?? uuidv7()
    keptIds.delete(passageHash)
    return {
      passageId,
      documentId,
      lang,
      ordinal,
      heading: span.heading,
      content,
      startOffset: span.start,
      endOffset: span.end,
      audience: document.audience,
      ownerId: document.ownerId,
      contentHash: passageHash,
    }
  })
  for (const part of chunks(rows)) await drizzle.insert(passages).values(part)
}

function documentKey(document: { documentId: string; lang: Language }): string {
  return `${document.lang}/${document.documentId}`
}

function documentHash(document: IngestedDocument): string {
  return digest(JSON.stringify([splittingVersion, document]))
}

function* chunks<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += rowsAStatement) yield items.slice(at, at + rowsAStatement)
}

function vectorToBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4)
  const view = new DataView(bytes.buffer)
  vector.forEach((value, index) => view.setFloat32(index * 4, value, true))
  return bytes
}

function bytesToVector(bytes: Uint8Array): Float32Array {
  // Every machine that the app runs on puts the lowest byte first, as the column does; the copy begins at a multiple of 4.
  return new Float32Array(new Uint8Array(bytes).buffer)
}
