import { renderToStaticMarkup } from 'react-dom/server'
import ReactMarkdown from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { describe, expect, it } from 'vitest'
import { markPages } from './mark-pages.js'
import { markPassage } from './mark-passage.js'

/** The text as rendered, with each mark as [number]. */
function rendered(text: string, starts: readonly string[], passage = ''): string {
  const pages = starts.map((word, at) => ({ page: at + 1, start: text.indexOf(word) }))
  const start = text.indexOf(passage)
  const html = renderToStaticMarkup(
    <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize, markPages(pages), markPassage({ start, end: start + passage.length })]}>
      {text}
    </ReactMarkdown>,
  )
  return html.replace(/<hr data-page="(\d+)"\/>/g, '[$1]').replaceAll('\n', '')
}

describe('markPages', () => {
  it('marks pages before blocks, inside paragraphs, lists and before tables', () => {
    expect(rendered('First page.\n\nSecond page.', ['First', 'Second'])).toBe('[1]<p>First page.</p>[2]<p>Second page.</p>')
    expect(rendered('A sentence that goes on over the page.', ['A', 'over'])).toBe('[1]<p>A sentence that goes on [2]over the page.</p>')
    expect(rendered('- one\n- two', ['- one', 'two'])).toBe('[1]<ul><li>one</li><li>[2]two</li></ul>')
    expect(rendered('Text\n\n| a | b |\n| --- | --- |\n| 1 | 2 |', ['Text', '| a'])).toBe('[1]<p>Text</p>[2]<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>')
  })

  it('leaves the passage exact that lies on two pages', () => {
    expect(rendered('It begins here and ends over there.', ['It', 'ends'], 'here and ends over')).toBe('[1]<p>It begins <mark>here and </mark>[2]<mark>ends over</mark> there.</p>')
  })

  it('marks several pages without text at once, and none without pages', () => {
    expect(rendered('Only text.', ['Only', 'Only', 'Only'])).toBe('[1][2][3]<p>Only text.</p>')
    expect(rendered('Only text.', [])).toBe('<p>Only text.</p>')
  })
})
