/** What is known of the added files, in the database. */
import { and, desc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import type { DocumentAudience } from '../../../shared/contract/documents.js'
import type { Database, QueryRunner } from '../database/database.js'
import { uploadedDocuments, type UploadRow } from './tables.js'

export type NewUpload = typeof uploadedDocuments.$inferInsert

/** Whose documents: an audience, and with `owner` the person. */
export interface Scope {
  audience: DocumentAudience
  ownerId: string | null
}

export class UploadsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(upload: NewUpload, { drizzle }: QueryRunner): Promise<void> {
    await drizzle.insert(uploadedDocuments).values(upload)
  }

  /** One file's row, or null. */
  async byId(documentId: string): Promise<UploadRow | null> {
    const [row] = await this.#database.drizzle.select().from(uploadedDocuments).where(eq(uploadedDocuments.documentId, documentId))
    return row ?? null
  }

  /** The document that was made of the same bytes for the same readers, or null. */
  async byDigest(fileDigest: string, { audience, ownerId }: Scope): Promise<UploadRow | null> {
    const sameOwner = ownerId === null ? isNull(uploadedDocuments.ownerId) : eq(uploadedDocuments.ownerId, ownerId)
    const [row] = await this.#database.drizzle
      .select()
      .from(uploadedDocuments)
      .where(and(eq(uploadedDocuments.fileDigest, fileDigest), eq(uploadedDocuments.audience, audience), sameOwner))
    return row ?? null
  }

  /** What everybody of the staff reads, and this person's own; newest first. */
  async readableBy(userId: string): Promise<UploadRow[]> {
    return this.#database.drizzle
      .select()
      .from(uploadedDocuments)
      .where(or(isNull(uploadedDocuments.ownerId), eq(uploadedDocuments.ownerId, userId)))
      .orderBy(desc(uploadedDocuments.createdAt), desc(uploadedDocuments.documentId))
  }

  /** The documents that came from a watched folder. */
  async watched(): Promise<(UploadRow & { watchPath: string })[]> {
    const rows = await this.#database.drizzle.select().from(uploadedDocuments).where(isNotNull(uploadedDocuments.watchPath))
    return rows.flatMap((row) => (row.watchPath === null ? [] : [{ ...row, watchPath: row.watchPath }]))
  }

  /** A watched file was touched and holds what it held before. */
  async touch(documentId: string, watchModifiedMs: number): Promise<void> {
    await this.#database.drizzle.update(uploadedDocuments).set({ watchModifiedMs }).where(eq(uploadedDocuments.documentId, documentId))
  }

  async setScope(documentId: string, { audience, ownerId }: Scope, { drizzle }: QueryRunner): Promise<void> {
    await drizzle.update(uploadedDocuments).set({ audience, ownerId }).where(eq(uploadedDocuments.documentId, documentId))
  }
}
