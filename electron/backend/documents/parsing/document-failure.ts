/** Why a file is not taken in. Thrown while it is read and carried out of the thread by its code; it never holds the document's text. */
export const documentFailureCodes = [
  'document_too_large',
  'document_too_many_pages',
  'document_too_long',
  'document_too_complex',
  'document_took_too_long',
  'document_empty',
  'document_type_not_supported',
  'document_unreadable',
  'document_encrypted',
  'document_without_text',
] as const
export type DocumentFailureCode = (typeof documentFailureCodes)[number]

export class DocumentFailure extends Error {
  readonly code: DocumentFailureCode

  constructor(code: DocumentFailureCode, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'DocumentFailure'
    this.code = code
  }
}
