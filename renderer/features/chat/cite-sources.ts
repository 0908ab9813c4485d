import type { Element, ElementContent, Root, RootContent } from 'hast'

const citation = /\[(\d+(?:\s*,\s*\d+)*)\]/g

function isParent(node: RootContent): node is Element {
  return node.type === 'element' && node.tagName !== 'code' && node.tagName !== 'pre'
}

/** Splits a text at its citations; undefined when it has none that names a source. */
function split(text: string, sourceCount: number): ElementContent[] | undefined {
  const parts: ElementContent[] = []
  let from = 0
  for (const match of text.matchAll(citation)) {
    const numbers = (match[1] ?? '').split(',').map(Number)
    if (!numbers.every((number) => number >= 1 && number <= sourceCount)) continue
    parts.push({ type: 'text', value: text.slice(from, match.index).replace(/ $/, '\u202f') })
    parts.push(...numbers.map((number): Element => ({ type: 'element', tagName: 'cite', properties: { dataSource: String(number) }, children: [] })))
    from = match.index + match[0].length
  }
  if (parts.length === 0) return undefined
  return [...parts, { type: 'text', value: text.slice(from) }]
}

function citeIn(children: (RootContent | ElementContent)[], sourceCount: number): ElementContent[] {
  return children.flatMap((child): ElementContent[] => {
    if (child.type === 'text') return split(child.value, sourceCount) ?? [child]
    if (child.type === 'doctype') return []
    return [isParent(child) ? { ...child, children: citeIn(child.children, sourceCount) } : child]
  })
}

/** A rehype plugin: `[2]` becomes `<cite data-source="2">` where the answer has that many sources. Runs after sanitising, on text alone. */
export function citeSources(sourceCount: number): () => (tree: Root) => void {
  return () => (tree) => {
    tree.children = citeIn(tree.children, sourceCount)
  }
}
