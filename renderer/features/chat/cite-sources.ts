import type { Element, ElementContent, Root, RootContent } from 'hast'

const citation = /\[(\d+(?:\s*,\s*\d+)*)\]/g

/** The word before a citation and the mark after it: a number never begins a line without them. */
const lastWord = /\S+\s*$/
const closingMark = /^[.,;:!?…)»\u202f\u00a0]+/
/** A longer word may be broken off, in characters. */
const longestKept = 30

function element(tagName: string, properties: Element['properties'], children: ElementContent[]): Element {
  return { type: 'element', tagName, properties, children }
}

/** Splits a text at its citations; undefined when it has none that names a source. */
function split(text: string, sourceCount: number): ElementContent[] | undefined {
  const parts: ElementContent[] = []
  let from = 0
  for (const match of text.matchAll(citation)) {
    const numbers = (match[1] ?? '').split(',').map(Number)
    if (!numbers.every((number) => number >= 1 && number <= sourceCount)) continue
    const before = text.slice(from, match.index)
    const after = text.slice(match.index + match[0].length)
    const word = lastWord.exec(before)?.[0] ?? ''
    const kept = word.length <= longestKept ? word : ''
    const mark = closingMark.exec(after)?.[0] ?? ''
    parts.push({ type: 'text', value: before.slice(0, before.length - kept.length) })
    parts.push(
      element('span', { className: ['whitespace-nowrap'] }, [
        { type: 'text', value: kept },
        ...numbers.map((number) => element('cite', { dataSource: String(number) }, [])),
        { type: 'text', value: mark },
      ]),
    )
    from = match.index + match[0].length + mark.length
  }
  if (parts.length === 0) return undefined
  return [...parts, { type: 'text', value: text.slice(from) }]
}

function citeIn(children: (RootContent | ElementContent)[], sourceCount: number): ElementContent[] {
  return children.flatMap((child): ElementContent[] => {
    if (child.type === 'text') return split(child.value, sourceCount) ?? [child]
    if (child.type === 'doctype') return []
    const holdsText = child.type === 'element' && child.tagName !== 'code' && child.tagName !== 'pre'
    return [holdsText ? { ...child, children: citeIn(child.children, sourceCount) } : child]
  })
}

/** A rehype plugin: `[2]` becomes `<cite data-source="2">` where the answer has that many sources. Runs after sanitising, on text alone. */
export function citeSources(sourceCount: number): () => (tree: Root) => void {
  return () => (tree) => {
    tree.children = citeIn(tree.children, sourceCount)
  }
}
