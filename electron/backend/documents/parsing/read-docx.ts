/** A Word document: headings, paragraphs, lists and tables by way of HTML; pictures are left out. */
import mammoth from 'mammoth'
import { DocumentFailure } from './document-failure.js'
import { assertLength, cleanText, type DocumentText } from './document-text.js'
import { htmlToMarkdown } from './html-to-markdown.js'
import { inspectArchive } from './inspect-archive.js'
import { normaliseHeadings } from './markdown-headings.js'

const mainPart = 'word/document.xml'
/** HTML holds more characters than the text in it; a table of short cells some ten times as many. */
const maximumMarkup = 50_000_000

/** Throws DocumentFailure: an archive that is no Word document is of a type that is not supported. */
export async function readDocx(bytes: Uint8Array): Promise<DocumentText> {
  const names = await inspectArchive(bytes, (name) => /\.(?:xml|rels)$/i.test(name))
  if (!names.has(mainPart)) throw new DocumentFailure(names.has('EncryptedPackage') ? 'document_encrypted' : 'document_type_not_supported')
  const html = await convert(bytes)
  if (html.length > maximumMarkup) throw new DocumentFailure('document_too_long')
  const { content, title } = normaliseHeadings(cleanText(htmlToMarkdown(html)))
  assertLength(content.length)
  return { content, title, pageStarts: null, pagesWithoutText: 0 }
}

async function convert(bytes: Uint8Array): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Titre'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
        ignoreEmptyParagraphs: true,
      },
    )
    return value
  } catch (error) {
    throw new DocumentFailure('document_unreadable', error)
  }
}
