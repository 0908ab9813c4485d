import type { Element, ElementContent, Root, RootContent, Text } from 'hast'

export interface PassageRange {
  /** UTF-16 offsets in the Markdown source; `end` is the first one after the passage. */
  start: number
  end: number
}

function marked(value: string): Element {
  return { type: 'element', tagName: 'mark', properties: {}, children: [{ type: 'text', value }] }
}

function markText(node: Text, { start, end }: PassageRange): ElementContent[] {
  const from = node.position?.start.offset
  const to = node.position?.end.offset
  if (from === undefined || to === undefined || to <= start || from >= end || node.value.trim() === '') return [node]
  // Where the source has marks that the text has not (escapes, joined lines), the offsets inside no longer fit: the whole text is marked.
  if (to - from !== node.value.length) return [marked(node.value)]
  const first = Math.max(0, start - from)
  const last = Math.min(node.value.length, end - from)
  return [
    ...(first > 0 ? [{ type: 'text' as const, value: node.value.slice(0, first) }] : []),
    marked(node.value.slice(first, last)),
    ...(last < node.value.length ? [{ type: 'text' as const, value: node.value.slice(last) }] : []),
  ]
}

function markIn(children: (RootContent | ElementContent)[], range: PassageRange): ElementContent[] {
  return children.flatMap((child): ElementContent[] => {
    if (child.type === 'text') return markText(child, range)
    if (child.type === 'doctype') return []
    return [child.type === 'element' ? { ...child, children: markIn(child.children, range) } : child]
  })
}

/** A rehype plugin: wraps the text of a passage in `<mark>`, by its offsets in the Markdown source. Runs after sanitising. */
export function markPassage(range: PassageRange): () => (tree: Root) => void {
  return () => (tree) => {
    tree.children = markIn(tree.children, range)
  }
}
