/**
 * Passages on their way from the database to the knowledge thread: JSON text that the database writes and the thread reads. Rows would be made
 * into objects and copied between threads field by field, which takes several times as long and keeps the router's thread busy.
 */
import type { IndexedPassage } from './document.js'
import { pageAt } from './page-at.js'

export interface PassagePage {
  /** An array of arrays; see `PassageRow`. */
  passages: string
  /** Likewise of the documents that they belong to; see `DocumentRow`. */
  documents: string
}

type PassageRow = [
  passageId: string,
  documentId: string,
  lang: IndexedPassage['lang'],
  ordinal: number,
  heading: string,
  content: string,
  start: number,
  end: number,
  audience: IndexedPassage['audience'],
  ownerId: string | null,
  contentHash: string,
]
type DocumentRow = [documentId: string, lang: IndexedPassage['lang'], title: string, keywords: string[], reviewed: boolean, pageStarts: number[] | null]

/** SQL of one page: $1 a document or null for all, $2 to $4 the document, language and ordinal behind which it begins, $5 most passages. */
export const passagePageSql = `
  with page as (
    select * from passages
    where ($1::text is null or document_id = $1) and (document_id, lang, ordinal) > ($2, $3, $4::integer)
    order by document_id, lang, ordinal limit $5::integer
  )
  select
    (select json_agg(json_build_array(passage_id, document_id, lang, ordinal, heading, content, start_offset, end_offset, audience, owner_id, content_hash)
      order by document_id, lang, ordinal) from page)::text as passages,
    (select json_agg(json_build_array(document_id, lang, title, keywords, reviewed, page_starts)) from documents
      where (document_id, lang) in (select document_id, lang from page))::text as documents,
    (select json_build_array(document_id, lang, ordinal) from page order by document_id desc, lang desc, ordinal desc limit 1)::text as last`

/** The passages of a page, in order. */
export function readPassagePage(page: PassagePage): IndexedPassage[] {
  const documents = new Map((JSON.parse(page.documents) as DocumentRow[]).map((row) => [`${row[1]}/${row[0]}`, row]))
  return (JSON.parse(page.passages) as PassageRow[]).flatMap(([passageId, documentId, lang, ordinal, heading, content, start, end, audience, ownerId, contentHash]) => {
    const document = documents.get(`${lang}/${documentId}`)
    if (!document) return []
    const [, , title, keywords, reviewed, pageStarts] = document
    const passage = { passageId, documentId, lang, ordinal, heading, content, start, end, audience, ownerId, contentHash, title, keywords, reviewed }
    return [pageStarts ? { ...passage, page: pageAt(pageStarts, start) } : passage]
  })
}
