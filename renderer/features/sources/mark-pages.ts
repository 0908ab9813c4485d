import type { Element, ElementContent, Root, RootContent, Text } from 'hast'

/** Where a page begins: an offset in the Markdown source. */
export interface PageStart {
  page: number
  start: number
}

/** A rehype plugin: puts a mark, an element `hr` with the page's number, before the first text at or after each page's beginning. Runs after sanitising. */
export function markPages(pages: readonly PageStart[]): () => (tree: Root) => void {
  return () => (tree) => {
    const open = [...pages].sort((one, other) => one.start - other.start)
    tree.children = markIn(tree.children, open)
  }
}

function markIn(children: (RootContent | ElementContent)[], open: PageStart[]): ElementContent[] {
  return children.flatMap((child): ElementContent[] => {
    if (child.type === 'doctype') return []
    if (child.type === 'text') return markText(child, open)
    // Between the parts of a table there is no place for a mark; it stands before the table.
    if (child.type === 'element' && child.tagName === 'table') return [...marksUpTo(child.position?.end.offset ?? 0, open), child]
    if (child.type === 'element') {
      const atStart = child.position?.start.offset !== undefined && isBlock(child.tagName) ? marksUpTo(child.position.start.offset + 1, open) : []
      return [...atStart, { ...child, children: markIn(child.children, open) }]
    }
    return [child]
  })
}

function isBlock(tagName: string): boolean {
  return ['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'pre', 'blockquote'].includes(tagName)
}

/** A page that begins inside a text: the text goes on after the mark. */
function markText(node: Text, open: PageStart[]): ElementContent[] {
  const from = node.position?.start.offset
  const to = node.position?.end.offset
  if (from === undefined || to === undefined || to - from !== node.value.length) return [node]
  const parts: ElementContent[] = []
  let at = from
  while (open[0] && open[0].start < to) {
    const start = Math.max(at, open[0].start)
    if (start > at) parts.push(textPart(node, at, start, from))
    parts.push(...marksUpTo(start + 1, open))
    at = start
  }
  return at === from ? [...parts, node] : [...parts, textPart(node, at, to, from)]
}

/** A part of a text, with its own place in the source, so that passages inside it are still found. */
function textPart(node: Text, start: number, end: number, from: number): Text {
  const place = node.position
  return {
    type: 'text',
    value: node.value.slice(start - from, end - from),
    ...(place ? { position: { start: { ...place.start, offset: start }, end: { ...place.end, offset: end } } } : {}),
  }
}

function marksUpTo(offset: number, open: PageStart[]): Element[] {
  const marks: Element[] = []
  while (open[0] && open[0].start < offset) {
    const page = open.shift()
    if (page) marks.push({ type: 'element', tagName: 'hr', properties: { dataPage: page.page }, children: [] })
  }
  return marks
}
