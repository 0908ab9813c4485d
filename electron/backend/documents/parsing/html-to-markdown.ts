/** Markdown of HTML: headings, paragraphs, lists and tables. Links keep their words, pictures their alternative text; nothing is fetched or run. */
import { NodeHtmlMarkdown } from 'node-html-markdown'
import { DocumentFailure } from './document-failure.js'

const converter = new NodeHtmlMarkdown(
  {
    ignore: ['script', 'style', 'noscript', 'template', 'svg', 'math', 'canvas', 'iframe', 'object', 'embed', 'nav', 'aside', 'form', 'button', 'select', 'head', 'audio', 'video', 'map'],
    bulletMarker: '-',
    maxConsecutiveNewlines: 2,
    keepDataImages: false,
    useLinkReferenceDefinitions: false,
    // The words are read by people and by the index as they are: only what would begin a heading or a list by chance is escaped.
    globalEscape: [/(?!)/, ''],
  },
  {
    a: () => ({}),
    img: ({ node }) => ({ content: node.getAttribute('alt') ?? '', recurse: false }),
  },
)

/** Elements within one another; pages nest some tens. */
const deepest = 1000
/** Elements that end with their own tag and nothing else. */
const container = /<(\/?)(?:div|span|section|article|main|table|ul|ol|dl|blockquote|pre|b|i|u|em|strong|small|big|font|center|a|details|figure|sub|sup)\b/gi

/** Throws `document_too_complex` for elements that are nested without end: walking through them takes time by the square of their depth. */
export function htmlToMarkdown(html: string): string {
  let depth = 0
  for (const [, closing] of html.matchAll(container)) {
    depth = closing === '/' ? Math.max(0, depth - 1) : depth + 1
    if (depth > deepest) throw new DocumentFailure('document_too_complex')
  }
  return converter.translate(html)
}
